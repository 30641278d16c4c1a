# fuzz.mk - what nobody meant: records, as a worker and as the supervisor takes
# them up, messages, requests, experiments, by libFuzzer, under the address and
# undefined behaviour sanitizers.
#
#   make fuzz                  each for a minute, all at a time
#   make fuzz FUZZ_SECONDS=15  each for so long
#
# What is found on the way is kept below build/fuzz; the seeds stand in
# tests/fuzz/corpus.

FUZZ_SECONDS := 60
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
# What they have within them, beside themselves: all of them, and some.
FUZZED := tests/fuzz/connected.c $(filter-out worker/app/%,$(call sources,worker)) \
	$(LLHTTP_NAMES:%=/usr/share/llhttp/%.c)
FUZZED_reclaim := $(filter-out supervisor/main.c, \
	$(call sources,supervisor worker/app))
FUZZED_experiment := $(call sources,supervisor/log supervisor/policy \
	supervisor/system) $(filter-out chaos/main.c,$(call sources,chaos))

# Each source is compiled once, whoever has it within.
fuzz_objects = $(patsubst %.c,build/fuzz/obj/%.o, \
	$(patsubst /usr/share/%,%,$(1)))
FUZZ_COMPILE := clang -std=gnu11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-MMD -MP -I. $(LLHTTP_CFLAGS) $(LUA_CFLAGS)

build/fuzz/obj/%.o: %.c tests/fuzz/fuzz.mk | deps fuzz-deps
	@mkdir -p $(@D)
	@echo '  clang, for fuzzers, $<'
	$(Q)$(FUZZ_COMPILE) -c -o $@ $<

build/fuzz/obj/llhttp/%.o: /usr/share/llhttp/%.c tests/fuzz/fuzz.mk \
		| deps fuzz-deps
	@mkdir -p $(@D)
	@echo '  clang, for fuzzers, $<'
	$(Q)$(FUZZ_COMPILE) -c -o $@ $<

$(foreach fuzzer,$(FUZZERS),$(eval build/fuzz/$(fuzzer): $(call fuzz_objects, \
	tests/fuzz/fuzz_$(fuzzer).c $(FUZZED) $(FUZZED_$(fuzzer)))))
$(FUZZERS:%=build/fuzz/%):
	@echo '  link $@'
	$(Q)clang -fsanitize=fuzzer,address,undefined -o $@ $^ \
		$(LLHTTP_LIBS) -lev -lcjson -linih $(LUA_LIBS) -lm

-include $(shell find build/fuzz/obj -name '*.d' 2>/dev/null)

.PHONY: fuzz-deps
fuzz-deps:
	$(call require,clang libclang-rt-dev)

.PHONY: fuzz
fuzz: $(FUZZERS:%=build/fuzz/%)
	@tests/fuzz/fuzz.sh $(FUZZ_SECONDS) $(FUZZERS)
