# SPDX-License-Identifier: MIT
# soak.mk - a long run in which no resource may grow.
#
#   make soak                     ten minutes
#   make soak SOAK_SECONDS=3600   one hour
#   make soak SEED=N              the same random choices

SOAK_SECONDS := 600
SOAK := $(call objects,tests/soak/*.c)

$(BUILD)/soak/soak: $(SOAK) $(BUILD)/obj/tests/harness/process.o $(FLOORS)
	@mkdir -p $(@D)
	@echo '  link $@'
	$(Q)$(LINK) -o $@ $^ $(LIBS)

# The unit test of the pure part.
$(BUILD)/tests/unit/soak/test_trend: $(BUILD)/obj/tests/soak/trend.o

.PHONY: soak
soak: all $(BUILD)/soak/soak
	@$(BUILD)/soak/soak $(SOAK_SECONDS) $(SEED)
