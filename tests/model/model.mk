# SPDX-License-Identifier: MIT
# model.mk - checks a model of the handoff protocol with spin(1), and checks
# that spin finds errors in broken variants of it.
#
#   make model            at most four deaths, within two minutes
#   make model DEATHS=6   at most six deaths

.PHONY: model
model:
	$(call require,spin gcc)
	@DEATHS=$(DEATHS) tests/model/model.sh $(BUILD)/model
