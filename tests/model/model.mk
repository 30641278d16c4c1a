# model.mk - the handoff protocol, searched whole, and found wrong when it is
# broken on purpose.
#
#   make model            up to four deaths, within two minutes
#   make model DEATHS=6   more of them

.PHONY: model
model:
	$(call require,spin gcc)
	@DEATHS=$(DEATHS) tests/model/model.sh $(BUILD)/model
