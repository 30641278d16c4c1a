# fuzz.mk - what nobody meant: records, as a worker and as the supervisor takes
# them up, messages, requests, experiments, by libFuzzer, under the address and undefined behaviour sanitizers.
#
#   make fuzz                  each for a minute, all at a time
#   make fuzz FUZZ_SECONDS=15  each for so long
#
# What is found on the way is kept below build/fuzz; the seeds stand in
# tests/fuzz/corpus.

FUZZ_SECONDS := 60
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZED := tests/fuzz/connected.c $(wildcard worker/*.c) \
	$(LLHTTP_NAMES:%=/usr/share/llhttp/%.c)
FUZZED_inheritance := $(filter-out supervisor/main.c, \
	$(wildcard supervisor/*.c supervisor/policy/*.c supervisor/system/*.c \
	worker/app/*.c))
FUZZED_experiment := $(wildcard supervisor/policy/*.c supervisor/system/*.c) \
	$(filter-out chaos/main.c,$(wildcard chaos/*.c chaos/report/*.c))

$(FUZZERS:%=build/fuzz/%): build/fuzz/%: tests/fuzz/fuzz_%.c $(FUZZED) \
		$(FUZZED_experiment) $(FUZZED_inheritance) \
		$(wildcard worker/*.h supervisor/*.h chaos/*.h tests/fuzz/*.h)
	$(call require,clang libclang-rt-dev)
	@mkdir -p $(@D)
	@echo '  clang $@'
	$(Q)clang -std=gnu11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-I. $(LLHTTP_CFLAGS) $(LUA_CFLAGS) -o $@ $< $(FUZZED) $(FUZZED_$*) \
		$(LLHTTP_LIBS) -lev -lcjson -linih $(LUA_LIBS) -lm

.PHONY: fuzz
fuzz: $(FUZZERS:%=build/fuzz/%)
	@tests/fuzz/fuzz.sh $(FUZZ_SECONDS) $(FUZZERS)
