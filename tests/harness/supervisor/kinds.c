#include "tests/harness/supervisor/kinds.h"

const char *const kinds[KINDS] = {
    "--workers 2 --exit-after 1",
    "--workers 2 --exit-after 0",
    "--workers 2 --exit-after 0 --schedule shared",
};

const char *const hand_overs[HAND_OVERS] = {
    "--exit-after 0 --hand-over request",
    "--exit-after 0 --hand-over connection",
    "--exit-after 1 --hand-over request",
    "--exit-after 1 --hand-over connection",
};
