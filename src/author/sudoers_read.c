/* Rules with their aliases in place: one entry for each command of each. */
#include <string.h>

#include "author/sudoers_parts.h"
#include "base/text.h"

enum { ALIAS_DEPTH_MAX = 16, ITEMS_MAX = 4096 };

static const struct {
	const char *key;
	enum sudo_kind kind;
	const char *mark;
} kinds[] = {
	{"username", SUDO_NAME, ""},
	{"hostname", SUDO_NAME, ""},
	{"usergroup", SUDO_GROUP, "%"},
	{"userid", SUDO_OTHER, "#"},
	{"usergid", SUDO_OTHER, "%#"},
	{"netgroup", SUDO_OTHER, "+"},
	{"nonunixgroup", SUDO_OTHER, "%:"},
	{"nonunixgid", SUDO_OTHER, "%:#"},
	{"networkaddr", SUDO_OTHER, ""},
};

static const char *const alias_keys[] = {"useralias", "hostalias", "runasalias", "cmndalias"};

static const char *value_text(struct arena *arena, const json_t *value)
{
	if (json_is_string(value))
		return arena_strdup(arena, json_string_value(value));
	if (json_is_integer(value))
		return arena_printf(arena, "%lld", (long long)json_integer_value(value));
	return NULL;
}

static void set_item(struct arena *arena, json_t *member, bool negated, struct sudo_item *item)
{
	*item = (struct sudo_item){.kind = SUDO_OTHER, .name = "?", .negated = negated};
	item->shown = negated ? "!?" : "?";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *name = value_text(arena, json_object_get(member, kinds[i].key));

		if (name == NULL)
			continue;
		item->kind = kinds[i].kind;
		item->name = name;
		item->shown =
			arena_printf(arena, "%s%s%s", negated ? "!" : "", kinds[i].mark, name);
		if (item->kind == SUDO_NAME && strcmp(name, "ALL") == 0)
			item->kind = SUDO_ALL;
		if (strcmp(kinds[i].key, "userid") == 0 && strcmp(name, "0") == 0)
			*item = (struct sudo_item){SUDO_NAME, "root", negated, item->shown};
	}
}

/* The name of an alias that the member is; NULL: it is none. */
static const char *alias_of(json_t *member)
{
	for (size_t i = 0; i < sizeof(alias_keys) / sizeof(alias_keys[0]); i++) {
		const char *name = json_string_value(json_object_get(member, alias_keys[i]));

		if (name != NULL)
			return name;
	}
	return NULL;
}

static bool is_negated(json_t *member)
{
	return json_is_true(json_object_get(member, "negated"));
}

/* Calls `each` for every member, those of aliases in their places, with its negation. */
static void walk(struct sudo_reading *reading, const json_t *list, const char *aliases,
	bool negated, unsigned depth,
	void (*each)(struct sudo_reading *reading, json_t *member, bool negated, void *to),
	void *to)
{
	size_t index;
	json_t *member;

	if (depth > ALIAS_DEPTH_MAX) {
		reading->complaint = "aliases that name each other";
		return;
	}
	json_array_foreach(list, index, member)
	{
		const char *alias = alias_of(member);
		const json_t *named =
			alias == NULL
				? NULL
				: json_object_get(json_object_get(reading->root, aliases), alias);
		bool flipped = negated != is_negated(member);

		if (reading->complaint != NULL)
			return;
		if (named != NULL)
			walk(reading, named, aliases, flipped, depth + 1, each, to);
		else
			each(reading, member, flipped, to);
	}
}

static void add_item(struct sudo_reading *reading, json_t *member, bool negated, void *to)
{
	struct sudo_items *items = to;

	if (items->count == ITEMS_MAX) {
		reading->complaint = "a list of more than 4096 members";
		return;
	}
	items->items =
		arena_grow(reading->arena, items->items, items->count, sizeof(*items->items));
	set_item(reading->arena, member, negated, &items->items[items->count++]);
}

struct sudo_items sudoers_items(
	struct sudo_reading *reading, const json_t *list, const char *aliases)
{
	struct sudo_items items = {0};

	walk(reading, list, aliases, false, 0, add_item, &items);
	return items;
}

/* Tags that are kept, or can be left out without allowing more. */
static void read_option(struct sudo_reading *reading, const char *name, const json_t *value,
	struct sudo_entry *entry)
{
	static const char *const harmless[] = {"noexec", "intercept", "setenv", "send_mail",
		"sudoedit_follow", "log_input", "log_output", "log_subcmds"};

	if (strcmp(name, "authenticate") == 0) {
		entry->no_password = json_is_false(value);
		return;
	}
	if (strcmp(name, "command_timeout") == 0 && json_is_integer(value) &&
		json_integer_value(value) > 0 && json_integer_value(value) <= 366 * 86400) {
		entry->timeout = (unsigned)json_integer_value(value);
		return;
	}
	if (strcmp(name, "runcwd") == 0 && json_is_string(value)) {
		entry->directory = value_text(reading->arena, value);
		return;
	}
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (strcmp(harmless[i], name) == 0)
			return;
	entry->confines = arena_strdup(reading->arena, name);
}

static void read_options(
	struct sudo_reading *reading, const json_t *options, struct sudo_entry *entry)
{
	size_t index;
	json_t *option;

	json_array_foreach(options, index, option)
	{
		const char *name;
		json_t *value;

		json_object_foreach(option, name, value) read_option(reading, name, value, entry);
	}
}

static const char *show_items(struct arena *arena, const struct sudo_items *items)
{
	struct strings shown = {0};

	for (size_t i = 0; i < items->count; i++)
		strings_add(arena, &shown, items->items[i].shown);
	return strings_join(arena, &shown, ", ");
}

/* What else the command's object has: a digest, or what a later sudo may say. */
static const char *other_key(struct arena *arena, json_t *member)
{
	const char *name;
	json_t *value;

	json_object_foreach(member, name,
		value) if (strcmp(name, "command") != 0 &&
			   strcmp(name, "negated") != 0) return arena_strdup(arena, name);
	return NULL;
}

static void set_command(struct sudo_reading *reading, json_t *member, struct sudo_entry *entry)
{
	const char *text = value_text(reading->arena, json_object_get(member, "command"));
	size_t length;

	entry->unknown = other_key(reading->arena, member);
	entry->command = text;
	if (text == NULL) {
		entry->command = text = "?";
		entry->unknown = "a command that is not known here";
	}
	if (strcmp(text, "ALL") == 0)
		return;
	length = strcspn(text, " ");
	entry->path = arena_strndup(reading->arena, text, length);
	if (text[length] != '\0')
		entry->args = strcmp(text + length + 1, "\"\"") == 0 ? "" : text + length + 1;
}

static void add_entry(struct sudo_reading *reading, json_t *member, bool negated, void *to)
{
	const struct sudo_entry *rule = to;
	struct sudo_entry *entry;

	if (reading->entry_count == SUDOERS_ENTRIES_MAX) {
		reading->complaint = "more than 4096 commands";
		return;
	}
	reading->entries = arena_grow(
		reading->arena, reading->entries, reading->entry_count, sizeof(*reading->entries));
	entry = &reading->entries[reading->entry_count++];
	*entry = *rule;
	entry->negated = negated;
	set_command(reading, member, entry);
	entry->origin = arena_printf(reading->arena, "%s: %s %s%s", rule->origin,
		show_items(reading->arena, &rule->users), negated ? "!" : "", entry->command);
}

/* One Cmnd_Spec: accounts, options, commands. */
static void read_commands(
	struct sudo_reading *reading, const json_t *spec, const struct sudo_entry *of_users)
{
	const json_t *users = json_object_get(spec, "runasusers"),
		     *groups = json_object_get(spec, "runasgroups");
	struct sudo_entry rule = *of_users;

	rule.says_account = users != NULL || groups != NULL;
	rule.only_groups = users == NULL && groups != NULL;
	rule.accounts = sudoers_items(reading, users, "Runas_Aliases");
	read_options(reading, json_object_get(spec, "Options"), &rule);
	walk(reading, json_object_get(spec, "Commands"), "Command_Aliases", false, 0, add_entry,
		&rule);
}

int sudoers_read(struct sudo_reading *reading)
{
	size_t index, number;
	json_t *spec, *commands;

	json_array_foreach(json_object_get(reading->root, "User_Specs"), index, spec)
	{
		struct sudo_entry rule = {
			.origin = arena_printf(reading->arena, "User_Specs[%zu]", index)};

		rule.users =
			sudoers_items(reading, json_object_get(spec, "User_List"), "User_Aliases");
		rule.hosts =
			sudoers_items(reading, json_object_get(spec, "Host_List"), "Host_Aliases");
		json_array_foreach(json_object_get(spec, "Cmnd_Specs"), number, commands)
			read_commands(reading, commands, &rule);
		if (reading->complaint != NULL)
			return -1;
	}
	return 0;
}
