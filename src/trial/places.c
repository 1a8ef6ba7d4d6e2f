#include "trial/places.h"

#include <string.h>

#include "policy/restriction.h"

struct place {
	const char *path;
	const char *what;
};

static const struct place elevating[] = {
	{ROLEGATE_CONFIG_DIR, "the gateway's own"},
	{ROLEGATE_RUN_DIR, "the gateway's own"},
	{ROLEGATE_LOG_DIR, "the gateway's own"},
	{"/etc/passwd", "accounts in"},
	{"/etc/shadow", "accounts in"},
	{"/etc/group", "accounts in"},
	{"/etc/gshadow", "accounts in"},
	{"/etc/subuid", "accounts in"},
	{"/etc/subgid", "accounts in"},
	{"/etc/sudoers", "rights in"},
	{"/etc/sudoers.d", "rights in"},
	{"/etc/doas.conf", "rights in"},
	{"/etc/pam.d", "rights in"},
	{"/etc/security", "rights in"},
	{"/etc/polkit-1", "rights in"},
	{"/etc/ssh", "rights in"},
	{"/etc/audit", "rights in"},
	{"/etc/nsswitch.conf", "accounts in"},
	{"/etc/crontab", "what root runs in"},
	{"/etc/cron.d", "what root runs in"},
	{"/etc/cron.daily", "what root runs in"},
	{"/etc/cron.hourly", "what root runs in"},
	{"/etc/cron.weekly", "what root runs in"},
	{"/etc/cron.monthly", "what root runs in"},
	{"/var/spool/cron", "what others run in"},
	{"/etc/systemd", "what root runs in"},
	{"/run/systemd/system", "what root runs in"},
	{"/etc/init.d", "what root runs in"},
	{"/etc/ld.so.cache", "what all programs load in"},
	{"/etc/ld.so.conf", "what all programs load in"},
	{"/etc/ld.so.conf.d", "what all programs load in"},
	{"/etc/ld.so.preload", "what all programs load in"},
	{"/etc/fstab", "mounts in"},
	{"/etc/modules", "modules in"},
	{"/etc/modules-load.d", "modules in"},
	{"/etc/modprobe.d", "modules in"},
	{"/boot", "what is booted in"},
	{"/usr", "programs in"},
	{"/bin", "programs in"},
	{"/sbin", "programs in"},
	{"/lib", "programs in"},
	{"/lib64", "programs in"},
	{"/sys", "the kernel's state in"},
	{"/proc", "the kernel's state in"},
	{"/dev", "devices in"},
};

bool place_is_everybodys(const char *path)
{
	static const char *const paths[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random",
		"/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts", "/dev/fd", "/dev/stdin",
		"/dev/stdout", "/dev/stderr", "/dev/console"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (restriction_path_below(path, paths[i]))
			return true;
	return false;
}

static bool is_within(const char *path, const char *place)
{
	size_t length = strlen(place);

	return strncmp(path, place, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

const char *place_elevates(const char *path)
{
	const char *ssh = strstr(path, "/.ssh/");

	for (size_t i = 0; i < sizeof(elevating) / sizeof(elevating[0]); i++)
		if (is_within(path, elevating[i].path) && !is_within(path, "/usr/local/share") &&
			!is_within(path, "/dev/shm") && !is_within(path, "/dev/mqueue"))
			return elevating[i].what;
	return ssh != NULL ? "who may log in, in" : NULL;
}

/* The gateway's own files are no such place wherever they are. */
bool place_is_temporary(const char *path)
{
	return (restriction_path_below(path, "/tmp") || restriction_path_below(path, "/var/tmp")) &&
	       place_elevates(path) == NULL;
}

bool place_is_harmless_socket(const char *path)
{
	static const char *const paths[] = {"/dev/log", "/run/systemd/journal", "/run/nscd",
		"/var/run/nscd", "/run/systemd/userdb", "/run/systemd/notify",
		"/run/systemd/resolve", "/run/systemd/io.systemd.NamespaceResource"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (is_within(path, paths[i]))
			return true;
	return false;
}

size_t place_depth(const char *path)
{
	static const char *const shallow[] = {"/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin",
		"/etc", "/sys", "/proc", "/dev"};

	for (size_t i = 0; i < sizeof(shallow) / sizeof(shallow[0]); i++)
		if (is_within(path, shallow[i]))
			return 1;
	return 3;
}
