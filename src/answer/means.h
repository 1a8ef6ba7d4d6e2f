/* By which means each field of each profile in use is enforced, for `status` and `check`. */
#ifndef ROLEGATE_MEANS_H
#define ROLEGATE_MEANS_H

#include <jansson.h>

#include "base/arena.h"
#include "confine/support.h"

/*
 * {"read-only": [{"what": "network", "value": "none", "enforced": true, "means": "seccomp"}, …], …}
 * in the order of the names. Where it is not enforced, `means` says what is missing. The caller's.
 */
json_t *means_json(struct arena *arena, const struct support *support, const struct policy *policy);

/* What the kernel has at all: rows of "what", "enforced", "means". The caller's. */
json_t *means_kernel_json(struct arena *arena, const struct support *support);

#endif
