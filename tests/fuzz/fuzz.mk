# fuzz.mk - what nobody meant: records, messages, requests, experiments, by
# libFuzzer, under the address and undefined behaviour sanitizers.
#
#   make fuzz                  each for a minute
#   make fuzz FUZZ_SECONDS=15  each for so long
#
# What is found on the way is kept below build/fuzz; the seeds stand in
# tests/fuzz/corpus.

FUZZ_SECONDS := 60
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZED := $(wildcard worker/*.c) $(LLHTTP_NAMES:%=/usr/share/llhttp/%.c)
FUZZED_experiment := $(wildcard supervisor/policy/*.c supervisor/system/*.c) \
	$(filter-out chaos/main.c,$(wildcard chaos/*.c chaos/report/*.c))

$(FUZZERS:%=build/fuzz/%): build/fuzz/%: tests/fuzz/fuzz_%.c $(FUZZED) \
		$(FUZZED_experiment) $(wildcard worker/*.h chaos/*.h)
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
