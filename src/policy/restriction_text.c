/* Restrictions as people read and write them. */
#include <string.h>

#include "base/amount.h"
#include "policy/policy.h"
#include "policy/restriction.h"

static const char *const field_names[RESTRICT_COUNT] = {
	[RESTRICT_EXECUTE] = "execute",
	[RESTRICT_NETWORK] = "network",
	[RESTRICT_READ] = "filesystem.read",
	[RESTRICT_WRITE] = "filesystem.write",
	[RESTRICT_HIDDEN] = "filesystem.hidden",
	[RESTRICT_PROTECTED] = "filesystem.protect",
	[RESTRICT_PROC] = "filesystem.proc",
	[RESTRICT_TMP] = "filesystem.tmp",
	[RESTRICT_CAPABILITIES] = "capabilities",
	[RESTRICT_SYSTEM_CALLS] = "system_calls.deny",
	[RESTRICT_PROCESSES] = "limits.processes",
	[RESTRICT_MEMORY] = "limits.memory",
	[RESTRICT_CPU_SECONDS] = "limits.cpu_seconds",
	[RESTRICT_CPU_PERCENT] = "limits.cpu_percent",
	[RESTRICT_FILE_SIZE] = "limits.file_size",
	[RESTRICT_OPEN_FILES] = "limits.open_files",
	[RESTRICT_SECONDS] = "limits.seconds",
	[RESTRICT_BLOCKED] = "blocked_commands",
	[RESTRICT_ALLOWED] = "allowed_commands",
	[RESTRICT_CLASSES] = "classes",
	[RESTRICT_AUDIT] = "audit",
};

const char *restriction_field_name(enum restriction_field field)
{
	return field < RESTRICT_COUNT ? field_names[field] : "unknown";
}

/* capabilities(7), by number. */
static const char *const capability_names[] = {"CAP_CHOWN", "CAP_DAC_OVERRIDE",
	"CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
	"CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST",
	"CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE",
	"CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
	"CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP",
	"CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE"};

const char *restriction_capability_name(unsigned capability)
{
	return capability < sizeof(capability_names) / sizeof(capability_names[0])
		       ? capability_names[capability]
		       : NULL;
}

const char *command_class_name(enum command_class command_class)
{
	switch (command_class) {
	case CLASS_READ_ONLY:
		return "read-only";
	case CLASS_WRITE_CAPABLE:
		return "write-capable";
	case CLASS_ELEVATED:
		return "elevated";
	default:
		return "unknown";
	}
}

static struct strings capability_list(struct arena *arena, uint64_t capabilities)
{
	struct strings list = {0};

	for (unsigned i = 0; i < 64; i++) {
		const char *name = restriction_capability_name(i);

		if ((capabilities >> i & 1) != 0)
			strings_add(arena, &list,
				name != NULL ? name : arena_printf(arena, "CAP_%u", i));
	}
	return list;
}

static struct strings class_list(struct arena *arena, unsigned classes)
{
	struct strings list = {0};

	for (unsigned bit = CLASS_READ_ONLY; bit <= CLASS_ELEVATED; bit <<= 1)
		if ((classes & bit) != 0)
			strings_add(arena, &list, command_class_name((enum command_class)bit));
	return list;
}

static struct strings allowed_list(struct arena *arena, const struct restriction *restriction)
{
	struct strings list = {0};

	if (restriction->allowed_count == 1)
		return restriction->allowed[0];
	for (size_t i = 0; i < restriction->allowed_count; i++)
		strings_add(arena, &list,
			arena_printf(arena, "(%s)",
				strings_join(arena, &restriction->allowed[i], ", ")));
	return list;
}

bool restriction_field_list(struct arena *arena, const struct restriction *restriction,
	enum restriction_field field, struct strings *list)
{
	if (!restriction->has[field])
		return false;
	switch (field) {
	case RESTRICT_EXECUTE:
		*list = restriction->execute_paths;
		return restriction->execute == EXECUTE_LISTED;
	case RESTRICT_READ:
		*list = restriction->read;
		return true;
	case RESTRICT_WRITE:
		*list = restriction->write;
		return true;
	case RESTRICT_HIDDEN:
		*list = restriction->hidden;
		return true;
	case RESTRICT_PROTECTED:
		*list = restriction->protected_names;
		return true;
	case RESTRICT_CAPABILITIES:
		*list = capability_list(arena, restriction->capabilities);
		return true;
	case RESTRICT_SYSTEM_CALLS:
		*list = restriction->denied_names;
		return true;
	case RESTRICT_BLOCKED:
		*list = restriction->blocked;
		return true;
	case RESTRICT_ALLOWED:
		*list = allowed_list(arena, restriction);
		return true;
	case RESTRICT_CLASSES:
		*list = class_list(arena, restriction->classes);
		return true;
	default:
		return false;
	}
}

static const char *limit_text(struct arena *arena, uint64_t limit, enum restriction_field field)
{
	if (field == RESTRICT_MEMORY || field == RESTRICT_FILE_SIZE)
		return amount_size_text(arena, limit);
	return arena_printf(arena, "%llu%s", (unsigned long long)limit,
		field == RESTRICT_CPU_PERCENT ? "%" : "");
}

static const char *word_of(
	struct arena *arena, const struct restriction *restriction, enum restriction_field field)
{
	static const char *const networks[] = {"none", "local", "any"};

	switch (field) {
	case RESTRICT_EXECUTE:
		return restriction->execute == EXECUTE_NONE ? "none" : "any";
	case RESTRICT_NETWORK:
		return networks[restriction->network];
	case RESTRICT_PROC:
		return restriction->own_proc ? "own" : "shared";
	case RESTRICT_TMP:
		return restriction->own_tmp ? "own" : "shared";
	case RESTRICT_AUDIT:
		return audit_level_names[restriction->audit];
	default:
		return limit_text(arena, restriction->limits[field], field);
	}
}

const char *restriction_field_text(
	struct arena *arena, const struct restriction *restriction, enum restriction_field field)
{
	bool areas = field == RESTRICT_READ || field == RESTRICT_WRITE;
	struct strings list;
	const char *text;

	if (!restriction->has[field])
		return "open";
	if (!restriction_field_list(arena, restriction, field, &list))
		return word_of(arena, restriction, field);
	text = list.count == 0 ? "none" : strings_join(arena, &list, ", ");
	if (!areas || !restriction->providers)
		return text;
	if (list.count == 1 && strcmp(text, "/") == 0)
		return "the areas that the person's roles make visible";
	return arena_printf(
		arena, "the areas that the person's roles make visible, within %s", text);
}
