/* Which group is the gateway's to divide, and whether nobody else can meddle with it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/cgroup.h"
#include "confine/cgroup_files.h"

static const char unit[] = "system.slice/rolegated.service";

/* Where version 2 is mounted: alone, or beside version 1. NULL: nowhere. */
static const char *find_mount(void)
{
	static const char *const places[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	struct statfs found;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (statfs(places[i], &found) == 0 && found.f_type == CGROUP2_SUPER_MAGIC)
			return places[i];
	return NULL;
}

/* systemd.resource-control(5), Delegate=; systemd.exec(5) names the attributes. */
static bool is_marked(const char *path)
{
	static const char *const names[] = {"user.delegate", "trusted.delegate"};
	char value[2];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (getxattr(path, names[i], value, sizeof(value)) == 1 && value[0] == '1')
			return true;
	return false;
}

const char *cgroup_delegated(struct arena *arena)
{
	const char *mount = find_mount();
	char own[CGROUP_VALUE_MAX], *path, *above, *end;

	if (mount == NULL || cgroup_own(own, sizeof(own)) != 0 || own[1] == '\0')
		return NULL;
	path = arena_printf(arena, "%s%s", mount, own);
	above = arena_strdup(arena, path);
	while (!is_marked(above)) {
		end = strrchr(above, '/');
		*end = '\0';
		if (strlen(above) <= strlen(mount))
			return NULL;
	}
	return path;
}

const char *cgroup_distrust(const char *path)
{
	_cleanup_fd_ int directory = cgroup_directory(path);
	struct stat group, members;
	struct statfs system;

	if (directory < 0 || fstatfs(directory, &system) != 0 || fstat(directory, &group) != 0)
		return strerror(errno);
	if (system.f_type != CGROUP2_SUPER_MAGIC)
		return "this is no control group of version 2";
	if (fstatat(directory, "cgroup.procs", &members, AT_SYMLINK_NOFOLLOW) != 0)
		return strerror(errno);
	if (group.st_uid != 0 || members.st_uid != 0 ||
		((group.st_mode | members.st_mode) & 022) != 0)
		return "somebody other than root can write to it";
	if (faccessat(directory, "cgroup.kill", W_OK, AT_EACCESS) != 0)
		return errno == ENOENT ? "this kernel has no cgroup.kill" : strerror(errno);
	return NULL;
}

void cgroup_expect(struct arena *arena, struct support *support)
{
	const char *mount = find_mount();
	_cleanup_fd_ int directory = -1;

	if (mount == NULL || access("/run/systemd/system", F_OK) != 0)
		return;
	support->cgroup = arena_printf(arena, "%s/%s", mount, unit);
	directory = cgroup_directory(support->cgroup);
	if (directory >= 0 && !is_marked(support->cgroup)) {
		support->cgroup = NULL;
		return;
	}
	if (directory < 0)
		directory = cgroup_directory(mount);
	support->cgroup_memory = cgroup_lists(directory, "cgroup.controllers", "memory");
	support->cgroup_pids = cgroup_lists(directory, "cgroup.controllers", "pids");
	support->cgroup_cpu = cgroup_lists(directory, "cgroup.controllers", "cpu");
}
