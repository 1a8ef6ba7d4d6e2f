/* No record, no run: where the kernel takes no records, that is the first thing to know. */
#include <libaudit.h>
#include <unistd.h>

#include "admin/check.h"

static bool needs_records(const struct policy *policy)
{
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].audit_failure == AUDIT_FAILURE_DENY)
			return true;
	return false;
}

void check_audit(const struct policy *policy, struct problems *problems)
{
	const struct source source = {"rolegate.conf", 0};
	int fd, enabled;

	if (!needs_records(policy))
		return;
	set_aumessage_mode(MSG_QUIET, DBG_NO);
	fd = audit_open();
	enabled = fd < 0 ? -1 : audit_is_enabled(fd);
	if (fd >= 0)
		close(fd);
	if (enabled == 0)
		problem_add(problems, PROBLEM_WARNING, source,
			"audit is switched off in the kernel, so that no record can be written, "
			"and "
			"nothing is run; auditd(8) or \"auditctl -e 1\" switches it on");
}
