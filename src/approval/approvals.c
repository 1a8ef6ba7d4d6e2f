#include "approval/approval.h"

#include <errno.h>

struct approvals *approvals_open(struct arena *arena, bool create, const char **complaint)
{
	(void)arena;
	(void)create;
	*complaint = "there is no approval queue yet";
	return NULL;
}

void approvals_close(struct approvals *approvals)
{
	(void)approvals;
}
