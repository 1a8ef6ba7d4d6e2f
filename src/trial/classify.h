/* What a command does, judged by one run of it. Pure. */
#ifndef ROLEGATE_TRIAL_CLASSIFY_H
#define ROLEGATE_TRIAL_CLASSIFY_H

#include "policy/restriction.h"
#include "trial/observe.h"

/*
 * Elevated: it changed identities, rights, devices, modules, mounts, programs, or the gateway's own
 * files. Write-capable: it changed anything else that outlasts it, or asked somebody who might.
 * Never CLASS_UNKNOWN.
 */
enum command_class classify(const struct observation *seen);
/* Why: empty for a command that only reads. */
const struct strings *classify_reasons(const struct observation *seen);

#endif
