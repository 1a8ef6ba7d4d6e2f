#ifndef ROLEGATE_GATEWAY_INSTALLED_H
#define ROLEGATE_GATEWAY_INSTALLED_H

#include "policy/policy.h"

/*
 * policy->bundle, if the configuration's directory is a bundle: for status and records alone.
 * Whether it may be loaded was decided by who could write it (R28), and is by nothing that it says.
 */
void installed_note(struct policy *policy, const char *directory);

#endif
