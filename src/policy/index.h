/* What a finished policy looks up by. Built once, after the loader has filled everything else. */
#ifndef ROLEGATE_INDEX_H
#define ROLEGATE_INDEX_H

#include "policy/policy.h"

/*
 * Needs policy->roles (sorted, with their grants in the order of the file), commands and aliases.
 * Sets every command's grants, by role and then the order of the file, longest_name and
 * grant_count. All memory comes from policy->arena.
 */
void policy_finish(struct policy *policy);

#endif
