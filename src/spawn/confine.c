/* The steps that confine the program by its profile: what they do is in confine/. */
#include <sys/statvfs.h>

#include "base/fd.h"
#include "confine/cgroup.h"
#include "confine/filter.h"
#include "confine/landlock.h"
#include "confine/view.h"
#include "spawn/steps.h"
#include "transaction/transaction.h"

static const struct restriction *restriction_of(const struct child *child)
{
	return &child->spawn->confinement->restriction;
}

int step_cgroup(struct child *child)
{
	return child->spawn->cgroup == NULL ? 0 : cgroup_enter(child->spawn->cgroup);
}

bool holds_cgroup(const struct child *child)
{
	return child->spawn->cgroup == NULL || cgroup_holds(child->spawn->cgroup);
}

int step_transaction(struct child *child)
{
	const struct transaction *transaction = child->spawn->transaction;

	return transaction == NULL ? 0 : transaction_mount(transaction);
}

bool holds_transaction(const struct child *child)
{
	const struct transaction *transaction = child->spawn->transaction;

	return transaction == NULL || transaction_holds(transaction);
}

int step_view(struct child *child)
{
	const struct support *support = child->spawn->support;

	if (!view_is_needed(restriction_of(child), support))
		return 0;
	if (view_reopen(restriction_of(child), &child->program) < 0 ||
		view_reopen(restriction_of(child), &child->script) < 0)
		return -1;
	return view_enter(restriction_of(child), child->program);
}

/* The program's own files lie outside of the view. */
static bool is_out_of_reach(const struct child *child, int fd)
{
	struct statvfs mount;

	return fd < 0 || !view_limits(restriction_of(child), RESTRICT_WRITE) || fd_is_sealed(fd) ||
	       (fstatvfs(fd, &mount) == 0 && (mount.f_flag & ST_RDONLY) != 0);
}

bool holds_view(const struct child *child)
{
	const struct support *support = child->spawn->support;

	return !view_is_needed(restriction_of(child), support) ||
		(view_holds(restriction_of(child)) && is_out_of_reach(child, child->program) &&
			is_out_of_reach(child, child->script));
}

int step_landlock(struct child *child)
{
	const struct support *support = child->spawn->support;

	if (!landlock_is_needed(restriction_of(child), support))
		return 0;
	return landlock_enter(restriction_of(child), support,
		&(struct landlock_open){ .program = child->program,
			.script = child->script,
			.files = SPAWN_FILES,
			.file_count = child->file_count });
}

bool holds_landlock(const struct child *child)
{
	const struct support *support = child->spawn->support;

	return !landlock_is_needed(restriction_of(child), support) ||
		landlock_holds(restriction_of(child), support);
}

int step_gate(struct child *child)
{
	return filter_install_gate(child->spawn->confinement, &child->key);
}

bool holds_gate(const struct child *child)
{
	return filter_gate_holds(child->spawn->confinement, child->filters);
}

int step_filter(struct child *child)
{
	return filter_install(child->spawn->confinement);
}

bool holds_filter(const struct child *child)
{
	return filter_holds(child->spawn->confinement, child->filters);
}
