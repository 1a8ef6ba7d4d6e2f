/* Endpoints, roles and commands, each once, and the commands' names. */
#include <string.h>

#include "author/sudoers_parts.h"
#include "config/check.h"

enum { NAME_MAX_LENGTH = 64, SUFFIX_LENGTH = 8 };

/* `name`, or with "-2", "-3" ... behind it; taken from then on. */
static const char *unique(struct arena *arena, struct table *taken, const char *name, void *owner)
{
	const char *tried = name;

	for (unsigned i = 2; table_get(taken, tried) != NULL; i++)
		tried = arena_printf(arena, "%.*s-%u", NAME_MAX_LENGTH - SUFFIX_LENGTH, name, i);
	table_put(arena, taken, tried, owner);
	return tried;
}

/* An account's name may end in a "$", which no name of ours has. */
static const char *plain(struct arena *arena, const char *account)
{
	size_t length = strlen(account);

	return length > 0 && account[length - 1] == '$'
		       ? arena_printf(arena, "%.*s-dollar", (int)length - 1, account)
		       : account;
}

static struct sudo_out_endpoint *find_endpoint(
	struct sudo_out *out, const char *account, bool no_password)
{
	struct sudo_out_endpoint *endpoint;

	for (size_t i = 0; i < out->endpoint_count; i++)
		if (out->endpoints[i]->no_password == no_password &&
			strcmp(out->endpoints[i]->account, account) == 0)
			return out->endpoints[i];
	endpoint = arena_alloc(out->arena, sizeof(*endpoint));
	endpoint->account = account;
	endpoint->no_password = no_password;
	endpoint->name = arena_printf(out->arena, "sudo-%s%s", plain(out->arena, account),
		no_password ? "-nopasswd" : "");
	out->endpoints = arena_grow(out->arena, out->endpoints, out->endpoint_count,
		sizeof(struct sudo_out_endpoint *));
	out->endpoints[out->endpoint_count++] = endpoint;
	return endpoint;
}

static struct sudo_out_role *find_role(
	struct sudo_out *out, struct sudo_out_endpoint *endpoint, const struct sudo_item *subject)
{
	struct sudo_out_role *role;

	for (size_t i = 0; i < endpoint->role_count; i++)
		if (endpoint->roles[i]->subject.kind == subject->kind &&
			strcmp(endpoint->roles[i]->subject.name, subject->name) == 0)
			return endpoint->roles[i];
	role = arena_alloc(out->arena, sizeof(*role));
	role->subject = *subject;
	role->name = arena_printf(out->arena, "%s-%s%s", endpoint->name,
		subject->kind == SUDO_GROUP ? "group-" : "", plain(out->arena, subject->name));
	role->name = arena_printf(out->arena, "%.*s", NAME_MAX_LENGTH, role->name);
	role->name = unique(out->arena, &out->role_names, role->name, role);
	endpoint->roles = arena_grow(
		out->arena, endpoint->roles, endpoint->role_count, sizeof(struct sudo_out_role *));
	endpoint->roles[endpoint->role_count++] = role;
	return role;
}

static struct sudo_out_command *find_command(
	struct sudo_out *out, const struct sudo_entry *entry, const struct sudo_command *command)
{
	const char *definition = sudoers_definition(out->arena, entry, command);
	struct sudo_out_command *known = table_get(&out->command_by_definition, definition);

	if (known != NULL)
		return known;
	known = arena_alloc(out->arena, sizeof(*known));
	*known = (struct sudo_out_command){entry, *command, definition, NULL};
	table_put(out->arena, &out->command_by_definition, definition, known);
	out->commands = arena_grow(
		out->arena, out->commands, out->command_count, sizeof(struct sudo_out_command *));
	out->commands[out->command_count++] = known;
	return known;
}

static void add_command(
	struct sudo_out *out, struct sudo_out_role *role, struct sudo_out_command *command)
{
	for (size_t i = 0; i < role->command_count; i++)
		if (role->commands[i] == command)
			return;
	role->commands = arena_grow(
		out->arena, role->commands, role->command_count, sizeof(struct sudo_out_command *));
	role->commands[role->command_count++] = command;
}

void sudoers_grant(struct sudo_out *out, const struct sudo_entry *entry,
	const struct sudo_command *command, const struct sudo_item *subject, const char *account,
	bool no_password)
{
	struct sudo_out_role *role =
		find_role(out, find_endpoint(out, account, no_password), subject);

	if (!strings_contain(&role->origins, entry->origin))
		strings_add(out->arena, &role->origins, entry->origin);
	if (!command->external)
		add_command(out, role, find_command(out, entry, command));
	else if (!strings_contain(&role->externals, entry->path))
		strings_add(out->arena, &role->externals, entry->path);
}

/* One word that a name can be, of all that the command is. */
static const char *one_word(struct arena *arena, const struct sudo_out_command *command)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
	const char *slash = strrchr(command->entry->path, '/');
	char *word = arena_printf(arena, "%s%s%s", slash + 1,
		command->command.fixed.count > 0 ? "-" : "",
		strings_join(arena, &command->command.fixed, "-"));

	if (strlen(word) > NAME_MAX_LENGTH - SUFFIX_LENGTH)
		word[NAME_MAX_LENGTH - SUFFIX_LENGTH] = '\0';
	for (char *at = word; *at != '\0'; at++)
		if (strchr(plain, *at) == NULL)
			*at = '-';
	if (word[0] == '-' || word[0] == '.')
		word[0] = '_';
	return word;
}

/* The longest name that matches wins: "a b c" would hide what "a b" takes as its word. */
static bool is_behind_another(struct arena *arena, const struct table *names, const char *name)
{
	for (const char *blank = strchr(name, ' '); blank != NULL; blank = strchr(blank + 1, ' '))
		if (table_get(names, arena_strndup(arena, name, (size_t)(blank - name))) != NULL)
			return true;
	return false;
}

void sudoers_name_all(struct sudo_out *out)
{
	struct table names = {0};

	for (size_t i = 0; i < out->command_count; i++) {
		struct sudo_out_command *command = out->commands[i];
		const char *name = sudoers_name(out->arena, command->entry, &command->command);

		command->name = name == NULL || table_get(&names, name) != NULL ? NULL : name;
		if (command->name != NULL)
			table_put(out->arena, &names, name, command);
	}
	for (size_t i = 0; i < out->command_count; i++) {
		struct sudo_out_command *command = out->commands[i];

		if (command->name == NULL || is_behind_another(out->arena, &names, command->name))
			command->name =
				unique(out->arena, &names, one_word(out->arena, command), command);
	}
}
