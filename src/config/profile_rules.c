/* What contradicts itself in a profile, its inheritance included. */
#include <string.h>
#include <sys/capability.h>

#include "config/profiles.h"

struct rule {
	struct loader *loader;
	const struct profile *profile;
};

/* The place where the profile said it last. */
static struct source place_of(const struct rule *rule, enum restriction_field field)
{
	const struct restriction_origins *origins = &rule->profile->restriction.origins[field];

	for (size_t i = 0; i < origins->count; i++)
		if (strcmp(origins->items[i].profile, rule->profile->name) == 0)
			return origins->items[i].source;
	return rule->profile->source;
}

#define report(rule, field, format, ...)                                                           \
	problem_add((rule)->loader->problems, PROBLEM_ERROR, place_of(rule, field),                \
		"profile \"%s\": " format, (rule)->profile->name, __VA_ARGS__)

static void check_hidden(const struct rule *rule, const struct strings *paths, const char *what)
{
	const struct strings *hidden = &rule->profile->restriction.hidden;

	for (size_t i = 0; i < paths->count; i++)
		if (restriction_path_within(paths->items[i], hidden))
			report(rule, RESTRICT_HIDDEN,
				"%s is to be %s and hidden; expected one of them", paths->items[i],
				what);
}

static void check_files(const struct rule *rule)
{
	const struct restriction *restriction = &rule->profile->restriction;

	if (restriction_path_within("/", &restriction->hidden))
		report(rule, RESTRICT_HIDDEN, "%s",
			"/ is hidden, so that no program could start; expected directories in it");
	else if (restriction->has[RESTRICT_HIDDEN]) {
		check_hidden(rule, &restriction->read, "read");
		if (place_of(rule, RESTRICT_WRITE).line != place_of(rule, RESTRICT_READ).line)
			check_hidden(rule, &restriction->write, "written");
		check_hidden(rule, &restriction->execute_paths, "executed");
	}
	if (!restriction->has[RESTRICT_READ])
		return;
	for (size_t i = 0; i < restriction->write.count; i++)
		if (!restriction_path_within(restriction->write.items[i], &restriction->read))
			report(rule, RESTRICT_WRITE,
				"%s is to be written but is not below a path of read; expected it "
				"there too",
				restriction->write.items[i]);
}

static void check_execute(const struct rule *rule)
{
	const struct restriction *restriction = &rule->profile->restriction;
	bool limited = restriction->has[RESTRICT_EXECUTE] && restriction->execute != EXECUTE_ANY;

	if (!limited)
		return;
	if (restriction->has[RESTRICT_OPEN_FILES] &&
		restriction->limits[RESTRICT_OPEN_FILES] > OPEN_FILES_MAX)
		report(rule, RESTRICT_OPEN_FILES,
			"open_files is more than %d; expected less, or execute = \"any\"",
			OPEN_FILES_MAX);
	if ((restriction->capabilities >> CAP_SYS_RESOURCE & 1) != 0)
		report(rule, RESTRICT_CAPABILITIES, "%s",
			"CAP_SYS_RESOURCE lifts the limit that keeps other programs from being "
			"started; expected execute = \"any\" with it");
}

/* Without these, nothing starts or ends; what may be executed is said elsewhere. */
static void check_calls(const struct rule *rule)
{
	static const char *const needed[] = {"brk", "close", "execve", "execveat", "exit",
		"exit_group", "mmap", "mprotect", "munmap", "read", "rt_sigreturn"};
	const struct strings *denied = &rule->profile->restriction.denied_calls;

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (strings_contain(denied, needed[i]))
			report(rule, RESTRICT_SYSTEM_CALLS,
				"no program starts without the system call %s; expected others%s",
				needed[i],
				strncmp(needed[i], "execve", 6) == 0
					? ", and \"execute\" for what may be started"
					: "");
}

static void check_commands_once(const struct rule *rule)
{
	const struct restriction *restriction = &rule->profile->restriction;

	for (size_t i = 0; i < restriction->allowed_count; i++)
		for (size_t k = 0; k < restriction->allowed[i].count; k++)
			if (strings_contain(
				    &restriction->blocked, restriction->allowed[i].items[k]))
				report(rule, RESTRICT_BLOCKED,
					"\"%s\" is in blocked_commands and in allowed_commands; "
					"expected one of them",
					restriction->allowed[i].items[k]);
}

void profile_check(struct loader *loader, const struct profile_reading *reading)
{
	struct rule rule = {loader, &reading->profile};

	check_files(&rule);
	check_execute(&rule);
	check_calls(&rule);
	check_commands_once(&rule);
}
