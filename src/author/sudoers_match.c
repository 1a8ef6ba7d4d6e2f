/* What two rules have in common. Where that can't be told, they may have everything in common. */
#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "author/sudoers_parts.h"

/* A pattern without a dot is compared with the first label alone, as sudo does. */
static bool host_fits(const char *pattern, const char *host)
{
	char label[256];
	size_t length = strcspn(host, ".");

	if (strchr(pattern, '.') != NULL || length >= sizeof(label))
		return fnmatch(pattern, host, FNM_CASEFOLD) == 0;
	memcpy(label, host, length);
	label[length] = '\0';
	return fnmatch(pattern, label, FNM_CASEFOLD) == 0;
}

/* Whether the member matches; what can't be told decides nothing that it would not change. */
static enum sudo_match item_matches(const struct sudo_item *item, const char *host)
{
	if (item->kind == SUDO_ALL)
		return SUDO_YES;
	if (item->kind != SUDO_NAME || host == NULL)
		return SUDO_MAYBE;
	return host_fits(item->name, host) ? SUDO_YES : SUDO_NO;
}

enum sudo_match sudoers_host_matches(const struct sudo_items *hosts, const char *host)
{
	enum sudo_match match = SUDO_NO;

	for (size_t i = 0; i < hosts->count; i++) {
		const struct sudo_item *item = &hosts->items[i];
		enum sudo_match then = item->negated ? SUDO_NO : SUDO_YES;
		enum sudo_match matches = item_matches(item, host);

		if (matches == SUDO_YES)
			match = then;
		else if (matches == SUDO_MAYBE && match != then)
			match = SUDO_MAYBE;
	}
	return match;
}

static bool may_be(const struct sudo_item *item, const struct sudo_item *user)
{
	return item->kind != SUDO_NAME || user->kind != SUDO_NAME ||
	       strcmp(item->name, user->name) == 0;
}

bool sudoers_user_may_match(const struct sudo_items *users, const struct sudo_item *user)
{
	for (size_t i = 0; i < users->count; i++)
		if (!users->items[i].negated && may_be(&users->items[i], user))
			return true;
	return false;
}

bool sudoers_account_may_match(
	const struct sudo_reading *reading, const struct sudo_entry *entry, const char *account)
{
	const struct sudo_item wanted = {.kind = SUDO_NAME, .name = account};

	if (!entry->says_account)
		return reading->default_account == NULL ||
		       strcmp(reading->default_account, account) == 0;
	return entry->only_groups || sudoers_user_may_match(&entry->accounts, &wanted);
}

const struct sudo_item *sudoers_taken_back(const struct sudo_items *items, size_t index)
{
	for (size_t i = index + 1; i < items->count; i++)
		if (items->items[i].negated && may_be(&items->items[i], &items->items[index]))
			return &items->items[i];
	return NULL;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static bool is_glob(const char *text)
{
	return strpbrk(text, "*?[\\") != NULL;
}

/* "^...$" is a regular expression since sudo 1.9.10. */
static bool is_expression(const char *text)
{
	return text[0] == '^';
}

/* sudo compares files, not paths: links make one program of several, mostly with one name. */
static bool programs_may_meet(const char *left, const char *right)
{
	if (is_glob(left) || is_glob(right) || is_expression(left) || is_expression(right))
		return true;
	if (base_of(left)[0] == '\0' || base_of(right)[0] == '\0')
		return true; /* all programs of a directory */
	return strcmp(base_of(left), base_of(right)) == 0;
}

static bool arguments_may_meet(const char *left, const char *right)
{
	bool left_open, right_open;

	if (left == NULL || right == NULL)
		return true;
	left_open = is_glob(left) || is_expression(left);
	right_open = is_glob(right) || is_expression(right);
	if (left_open && right_open)
		return true;
	if (left_open)
		return is_expression(left) || fnmatch(left, right, 0) == 0;
	if (right_open)
		return is_expression(right) || fnmatch(right, left, 0) == 0;
	return strcmp(left, right) == 0;
}

bool sudoers_commands_overlap(const struct sudo_entry *entry, const struct sudo_entry *other)
{
	if (entry->path == NULL || other->path == NULL)
		return true;
	return programs_may_meet(entry->path, other->path) &&
	       arguments_may_meet(entry->args, other->args);
}
