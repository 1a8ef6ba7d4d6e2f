/* Defaults: one of them says whom rules without an account are for. */
#include <string.h>

#include "author/sudoers_parts.h"

static const struct {
	const char *name;
	bool confines; /* without it a rule would be wider here */
	const char *why;
} known[] = {
	{"runchroot", true, "nothing runs in another root here: no rule is carried over"},
	{"role", true, "SELinux roles are none here: no rule is carried over"},
	{"type", true, "SELinux types are none here: no rule is carried over"},
	{"apparmor_profile", true, "AppArmor profiles are none here: no rule is carried over"},
	{"privs", true, "Solaris privileges are none here: no rule is carried over"},
	{"limitprivs", true, "Solaris privileges are none here: no rule is carried over"},
	{"rootpw", true, "here people have their own passwords: no rule is carried over"},
	{"targetpw", true, "here people have their own passwords: no rule is carried over"},
	{"runaspw", true, "here people have their own passwords: no rule is carried over"},
	{"requiretty", false, "a terminal is not asked for here: this is wider than it was"},
	{"env_keep", false, "the environment is built from nothing; see environment_variables"},
	{"env_check", false, "the environment is built from nothing"},
	{"env_delete", false, "the environment is built from nothing"},
	{"env_reset", false, "the environment is always built from nothing"},
	{"setenv", false, "the environment is built from nothing"},
	{"secure_path", false, "PATH is always the same; programs are named by their full paths"},
	{"authenticate", false, "every rule that does not say NOPASSWD asks for a password here"},
	{"timestamp_timeout", false, "no password is remembered here"},
	{"timestamp_type", false, "no password is remembered here"},
	{"noexec", false, "no command may start other programs here unless its profile says so"},
	{"use_pty", false, "the operator's terminal is never passed on"},
	{"log_output", false, "say transcript = \"required\" where it is wanted"},
	{"log_input", false, "say transcript = \"required\" where it is wanted"},
	{"logfile", false, "records are described in rolegate-records(5)"},
	{"syslog", false, "records are described in rolegate-records(5)"},
	{"lecture", false, "there is no lecture"},
	{"insults", false, "there are none"},
};

static void lose(struct sudo_reading *reading, const char *origin, const char *name)
{
	const char *why = "it is about sudo itself";

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name) != 0)
			continue;
		why = known[i].why;
		if (known[i].confines)
			reading->confines = known[i].name;
	}
	losses_add(reading->losses, origin, arena_strdup(reading->arena, name), "%s", why);
}

static void read_option(struct sudo_reading *reading, const char *origin, bool bound,
	const char *name, const json_t *value)
{
	if (strcmp(name, "operation") == 0)
		return; /* how a list is changed */
	if (strcmp(name, "runas_default") != 0) {
		/* Switched off, what confines does not. */
		if (!json_is_false(value))
			lose(reading, origin, name);
		return;
	}
	reading->default_account = bound || !json_is_string(value)
					   ? NULL
					   : arena_strdup(reading->arena, json_string_value(value));
	if (reading->default_account == NULL)
		losses_add(reading->losses, origin, "runas_default",
			"it depends on who or what: rules that name no account are not carried "
			"over");
}

void sudoers_defaults(struct sudo_reading *reading)
{
	size_t index, number;
	json_t *entry, *option;

	reading->default_account = "root";
	json_array_foreach(json_object_get(reading->root, "Defaults"), index, entry)
	{
		const char *origin = arena_printf(reading->arena, "Defaults[%zu]", index), *name;
		bool bound = json_object_get(entry, "Binding") != NULL;
		json_t *value;

		json_array_foreach(json_object_get(entry, "Options"), number, option)
			json_object_foreach(option, name, value)
				read_option(reading, origin, bound, name, value);
	}
}
