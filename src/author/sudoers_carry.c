/*
 * Which rules mean the same here. sudo takes the last rule that matches: whatever comes behind a
 * rule and may be about the same call, person and account has its say.
 */
#include <string.h>

#include "author/sudoers_parts.h"
#include "base/text.h"
#include "config/check.h"

/* Entries behind one that its calls may match too. */
struct later {
	const struct sudo_entry **items;
	size_t count;
};

struct carrying {
	struct sudo_reading *reading;
	struct sudo_out *out;
	const struct sudo_entry *entry;
	struct sudo_command command; /* for whoever nothing behind it is about */
	struct later later;
};

static void lose(const struct carrying *carrying, const char *what, const char *why)
{
	losses_add(carrying->out->losses, carrying->entry->origin, what, "%s", why);
}

/* sudo looks for the command in that root before it compares, and denies what it doesn't find. */
static bool changes_root(const struct sudo_entry *entry)
{
	return entry->confines != NULL && strcmp(entry->confines, "runchroot") == 0;
}

static struct later find_later(const struct sudo_reading *reading, size_t index)
{
	const struct sudo_entry *entry = &reading->entries[index];
	struct later later = {0};

	for (size_t i = index + 1; i < reading->entry_count; i++) {
		const struct sudo_entry *other = &reading->entries[i];

		if (sudoers_host_matches(&other->hosts, reading->host) == SUDO_NO ||
			(!changes_root(other) && !sudoers_commands_overlap(entry, other)))
			continue;
		later.items =
			arena_grow(reading->arena, later.items, later.count, sizeof(*later.items));
		later.items[later.count++] = other;
	}
	return later;
}

/* One rule behind: NULL, or why the entry does not count any more. */
static const char *apply(const struct carrying *carrying, const struct sudo_entry *other,
	struct sudo_command *command, bool *no_password)
{
	struct arena *arena = carrying->reading->arena;

	if (other->negated)
		return sudoers_exclude(arena, other, command)
			       ? NULL
			       : arena_printf(
					 arena, "a later rule may take it back: %s", other->origin);
	if (!other->no_password)
		*no_password = false;
	if (other->confines != NULL)
		return arena_printf(arena, "a later rule may confine it (%s): %s", other->confines,
			other->origin);
	return NULL;
}

static void carry_one(
	struct carrying *carrying, const struct sudo_item *subject, const char *account)
{
	struct sudo_command command = carrying->command;
	bool no_password = carrying->entry->no_password;
	const char *why = NULL;

	for (size_t i = 0; why == NULL && i < carrying->later.count; i++) {
		const struct sudo_entry *other = carrying->later.items[i];

		if (sudoers_user_may_match(&other->users, subject) &&
			sudoers_account_may_match(carrying->reading, other, account))
			why = apply(carrying, other, &command, &no_password);
	}
	if (why != NULL)
		lose(carrying,
			arena_printf(carrying->reading->arena, "%s as %s", subject->shown, account),
			why);
	else
		sudoers_grant(
			carrying->out, carrying->entry, &command, subject, account, no_password);
}

/* Why nobody of that description can be named; NULL: they can. */
static const char *check_subject(const struct carrying *carrying, size_t index)
{
	const struct sudo_items *users = &carrying->entry->users;
	const struct sudo_item *user = &users->items[index],
			       *denied = sudoers_taken_back(users, index);

	if (user->kind == SUDO_ALL)
		return "everybody: name the users or groups";
	if (user->kind == SUDO_OTHER)
		return "a role is given to users and groups of the host, by their names";
	if (check_account(user->name) != NULL)
		return "it is no name of an account or group here";
	if (denied != NULL)
		return arena_printf(carrying->reading->arena,
			"%s is excepted, and a role can't be given to all but some", denied->shown);
	return NULL;
}

static void carry_account(struct carrying *carrying, const char *account)
{
	const struct sudo_items *users = &carrying->entry->users;

	if (strcmp(account, "caller") == 0 || check_run_as(account) != NULL ||
		check_name(account) != NULL) {
		lose(carrying, account, "it is no name of an account to run as here");
		return;
	}
	for (size_t i = 0; i < users->count; i++) {
		const char *why;

		if (users->items[i].negated)
			continue;
		why = check_subject(carrying, i);
		if (why != NULL)
			lose(carrying, users->items[i].shown, why);
		else
			carry_one(carrying, &users->items[i], account);
	}
}

static void carry_listed(struct carrying *carrying)
{
	const struct sudo_items *accounts = &carrying->entry->accounts;

	for (size_t i = 0; i < accounts->count; i++) {
		const struct sudo_item *item = &accounts->items[i];

		if (item->negated)
			continue;
		if (sudoers_taken_back(accounts, i) != NULL) {
			lose(carrying, arena_printf(carrying->reading->arena, "as %s", item->shown),
				"some accounts are excepted: name those that are needed");
			continue;
		}
		if (item->kind == SUDO_NAME)
			carry_account(carrying, item->name);
		else if (item->kind == SUDO_ALL)
			carry_account(carrying, "root");
		if (item->kind != SUDO_NAME)
			lose(carrying, arena_printf(carrying->reading->arena, "as %s", item->shown),
				item->kind == SUDO_ALL
					? "as other accounts than root: name those that are needed"
					: "an account to run as has a name here");
	}
}

static void carry_accounts(struct carrying *carrying)
{
	if (carrying->entry->only_groups)
		lose(carrying, "as the caller with another group",
			"a command runs with the groups of its account");
	else if (carrying->entry->says_account)
		carry_listed(carrying);
	else if (carrying->reading->default_account != NULL)
		carry_account(carrying, carrying->reading->default_account);
	else
		lose(carrying, "as runas_default", "which account that is can't be told");
}

static bool is_for_host(struct carrying *carrying)
{
	const char *host = carrying->reading->host;

	switch (sudoers_host_matches(&carrying->entry->hosts, host)) {
	case SUDO_YES:
		return true;
	case SUDO_NO:
		lose(carrying, "the rule", "it is for other hosts");
		return false;
	case SUDO_MAYBE:
		break;
	}
	lose(carrying, "the rule",
		host == NULL ? "it is for some hosts alone: say which with --host"
			     : "whether it is for this host can't be told (a network, a netgroup)");
	return false;
}

void sudoers_carry(struct sudo_reading *reading, struct sudo_out *out)
{
	for (size_t i = 0; i < reading->entry_count; i++) {
		struct carrying carrying = {
			.reading = reading, .out = out, .entry = &reading->entries[i]};
		const char *why;

		if (reading->entries[i].negated || !is_for_host(&carrying))
			continue;
		why = sudoers_command(reading->arena, carrying.entry, &carrying.command);
		if (why != NULL) {
			lose(&carrying, carrying.entry->command, why);
			continue;
		}
		carrying.later = find_later(reading, i);
		carry_accounts(&carrying);
	}
}
