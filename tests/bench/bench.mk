# SPDX-License-Identifier: MIT
# bench.mk - speed and size, compared with yardsticks of the same run.
#
#   make bench                  all measurements, within five minutes
#   make bench ONLY=keepalive   the lines whose name contains this text
#   make bench-deps             installs the servers compared with

BENCH_YARDSTICKS := prefork bare_process
BENCH := $(call objects,$(filter-out $(BENCH_YARDSTICKS:%=tests/bench/%.c), \
	$(call sources,tests/bench)))
BENCH_PROGRAMS := $(BUILD)/bench/bench $(BENCH_YARDSTICKS:%=$(BUILD)/bench/%)

$(BUILD)/bench/bench: $(BENCH) $(BUILD)/obj/tests/harness/process.o $(FLOORS)
	@mkdir -p $(@D)
	@echo '  link $@'
	$(Q)$(LINK) -o $@ $^ $(LIBS)

# Linked like the supervisor, so that a yardstick has no disadvantage.
$(BENCH_YARDSTICKS:%=$(BUILD)/bench/%): $(BUILD)/bench/%: \
		$(BUILD)/obj/tests/bench/%.o $(BUILD)/obj/worker/clock.o
	@mkdir -p $(@D)
	@echo '  link $@'
	$(Q)$(LINK) $(STATIC) -o $@ $^

.PHONY: bench bench-deps
bench: $(PROGRAMS) $(BENCH_PROGRAMS)
	@$(BUILD)/bench/bench $(if $(ONLY),--only '$(ONLY)')

bench-deps:
	$(call require,nginx-light nodejs wrk)
