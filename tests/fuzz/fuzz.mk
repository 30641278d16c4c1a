# SPDX-License-Identifier: MIT
# fuzz.mk - fuzzes the readers of records, messages, requests and experiments
# with libFuzzer and the address and undefined behaviour sanitizers.
#
#   make fuzz                  all fuzzers at the same time, for one minute
#   make fuzz FUZZ_SECONDS=15  the same, for 15 seconds
#
# The seeds are in tests/fuzz/corpus, the inputs that the fuzzers find in
# build/fuzz/found.

FUZZ_SECONDS := 60
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
# Sources that all fuzzers are linked with, and those of single fuzzers.
FUZZED := tests/fuzz/connected.c $(filter-out worker/app/%,$(call sources,worker)) \
	$(LLHTTP_NAMES:%=/usr/share/llhttp/%.c)
FUZZED_reclaim := $(filter-out supervisor/main.c, \
	$(call sources,supervisor worker/app))
FUZZED_experiment := $(call sources,supervisor/log supervisor/options \
	supervisor/policy supervisor/system) $(filter-out chaos/main.c,$(call sources,chaos))

# All fuzzers share these objects.
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
		$(LLHTTP_LIBS) -lev -lcjson -linih -lcmark $(LUA_LIBS) -lm

-include $(shell find build/fuzz/obj -name '*.d' 2>/dev/null)

.PHONY: fuzz-deps
fuzz-deps:
	$(call require,clang libclang-rt-dev)

.PHONY: fuzz
fuzz: $(FUZZERS:%=build/fuzz/%)
	@tests/fuzz/fuzz.sh $(FUZZ_SECONDS) $(FUZZERS)
