#include "approval/grant.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "approval/grant_parts.h"
#include "base/fd.h"
#include "base/text.h"
#include "config/config.h"
#include "config/trust.h"
#include "policy/decide.h"
#include "spawn/account.h"

enum { ROLE_FILE_MAX = 16 * 1024 * 1024 };

/* One approval on its way to a grant. */
struct granting {
	struct arena *arena;
	const char *directory;
	const struct approval_entry *entry;
	struct approval_grant *grant;
	const char **complaint;
	struct subject subject; /* who asked */
	struct strings words;
};

static int fail(const struct granting *granting, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int fail(const struct granting *granting, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*granting->complaint = arena_vprintf(granting->arena, format, arguments);
	va_end(arguments);
	return -1;
}

static const char *show(const struct granting *granting, const char *text)
{
	return text_escape(granting->arena, text, strlen(text));
}

/* A uid that has become another person's since gets nothing. */
static int find_requester(struct granting *granting)
{
	const struct approval_entry *entry = granting->entry;
	struct account account;

	if (account_by_uid(granting->arena, entry->uid, &account, granting->complaint) < 0 ||
		account_group_names(granting->arena, &account, &granting->subject.groups,
			granting->complaint) < 0)
		return -1;
	granting->subject.user = account.name;
	if (entry->user != NULL && strcmp(entry->user, account.name) == 0 &&
		text_is_account(account.name))
		return 0;
	return fail(granting, "uid %u is %s now, and was not when it was asked for",
		(unsigned)entry->uid, show(granting, account.name));
}

static int take_words(struct granting *granting)
{
	granting->words = granting->entry->argv;
	return granting->words.count > 0 ? 0 : fail(granting, "the queue has no words for it");
}

/* The policy, with the file that the grant is in as it will be; NULL: of what is there. */
static struct policy *load(const struct granting *granting, const struct config_change *change)
{
	struct problems problems = {.arena = granting->arena};
	struct policy *policy =
		config_load_changed(granting->arena, granting->directory, 0, change, &problems);

	for (size_t i = 0; policy == NULL && i < problems.count; i++)
		if (problems.items[i].level == PROBLEM_ERROR) {
			fail(granting, "the configuration %s: %s",
				change == NULL ? "can't be loaded" : "could not be loaded with it",
				problem_text(granting->arena, &problems.items[i]));
			return NULL;
		}
	return policy;
}

static int parse(const struct granting *granting, const struct command *command, size_t name_words,
	struct arguments *arguments)
{
	const struct strings *words = &granting->words;
	struct refusal refusal = {.reason = REASON_PERMITTED};

	if (arguments_parse(granting->arena, command, NULL, words->items + name_words,
		    words->count - name_words, arguments, &refusal) == 0 &&
		arguments_validate(granting->arena, command, arguments, &refusal) == 0)
		return 0;
	return fail(granting, "the definition of %s refuses it, whatever a role grants: %s",
		show(granting, command->name), refusal.detail);
}

/* The grant's line by the configuration that is there. */
static int make_line(const struct granting *granting, const struct policy *policy, bool *function)
{
	const struct endpoint *endpoint = policy_endpoint(policy, granting->entry->endpoint);
	const struct command *command;
	struct arguments arguments;
	struct role_set roles;
	size_t name_words = 0;

	if (endpoint == NULL)
		return fail(granting, "endpoint %s is not configured any more",
			show(granting, granting->entry->endpoint));
	roles = roles_of(granting->arena, policy, endpoint, &granting->subject);
	command = decide_defined(
		policy, &roles, granting->words.items, granting->words.count, &name_words);
	if (command == NULL)
		return fail(granting,
			"no command is defined for %s; define one in commands.d, and approve then",
			show(granting, granting->entry->words));
	if (command->external)
		return fail(granting,
			"%s is a program of visible_external_commands, which takes any arguments; "
			"define a command for it in commands.d",
			command->name);
	if (parse(granting, command, name_words, &arguments) < 0)
		return -1;
	*function = command->function != NULL;
	granting->grant->line = approval_grant_line(granting->arena, command, &arguments, &roles);
	return 0;
}

static int choose_file(const struct granting *granting, const char *role)
{
	const struct approval_entry *entry = granting->entry;
	const char *name = role;

	if (name == NULL)
		name = arena_printf(
			granting->arena, "approved-%u-%s", (unsigned)entry->uid, entry->endpoint);
	if (!text_is_name(name))
		return fail(granting, "%s can't be the name of a role; name one with --role",
			show(granting, name));
	granting->grant->file = arena_printf(granting->arena, "roles.d/%s.role", name);
	return 0;
}

/* *text: NULL where there is no such file. */
static int read_file(const struct granting *granting, const char *file, const char **text)
{
	const char *path = arena_printf(granting->arena, "%s/%s", granting->directory, file);
	_cleanup_fd_ int fd = trust_open(granting->arena, path, O_RDONLY, granting->complaint);
	size_t length;

	*text = NULL;
	if (fd < 0 && errno == ENOENT)
		*granting->complaint = NULL;
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	*text = fd_read_all(granting->arena, fd, ROLE_FILE_MAX, &length);
	return *text != NULL ? 0 : fail(granting, "%s: %s", path, strerror(errno));
}

/* The file as it is, for this person at this endpoint, or a new one. */
static int read_grants(const struct granting *granting, struct grant_file *file)
{
	const char *name = granting->grant->file, *text;
	struct grant_file mine;

	grant_file_head(granting->arena, &mine, granting->subject.user, granting->entry->uid,
		granting->entry->endpoint);
	if (read_file(granting, name, &text) < 0)
		return -1;
	if (text == NULL) {
		*file = mine;
		return 0;
	}
	if (!grant_file_parse(granting->arena, text, file))
		return fail(granting,
			"%s was not written by rolegatectl, or was edited; name another role with "
			"--role",
			name);
	if (strcmp(file->assigned, mine.assigned) == 0)
		return 0;
	return fail(granting, "%s is assigned to others; name another role with --role", name);
}

static void drop_entry(struct grant_file *file, unsigned long number)
{
	size_t kept = 0;

	for (size_t i = 0; i < file->count; i++)
		if (file->entries[i].number != number)
			file->entries[kept++] = file->entries[i];
	file->count = kept;
}

static void set_bytes(const struct granting *granting, const struct grant_file *file)
{
	granting->grant->bytes = grant_file_text(granting->arena, file);
	granting->grant->length = strlen(granting->grant->bytes);
}

static struct config_change change_of(const struct approval_grant *grant)
{
	return (struct config_change){grant->file, grant->bytes, grant->length};
}

/* What is written has to be enough: rules of merging, profiles and switches may be in the way. */
static int check_result(const struct granting *granting)
{
	struct config_change change = change_of(granting->grant);
	const struct policy *policy = load(granting, &change);
	struct decision decision;
	struct role_set roles;
	struct decision_request request = {.policy = policy,
		.roles = &roles,
		.words = granting->words.items,
		.count = granting->words.count};

	if (policy == NULL)
		return -1;
	request.endpoint = policy_endpoint(policy, granting->entry->endpoint);
	if (request.endpoint == NULL)
		return fail(granting, "its endpoint is not configured any more");
	roles = roles_of(granting->arena, policy, request.endpoint, &granting->subject);
	decide(granting->arena, &request, &decision);
	if (decision.verdict == VERDICT_ALLOW)
		return 0;
	return fail(granting, "a grant would not be enough: %s (%s)", decision.detail,
		reason_code(decision.reason));
}

static int open_grant(const struct granting *granting)
{
	struct approval_grant *grant = granting->grant;

	*grant = (struct approval_grant){.directory = -1, .lock = -1};
	grant->directory =
		grant_lock(granting->arena, granting->directory, &grant->lock, granting->complaint);
	if (grant->directory < 0)
		return -1;
	grant->arena = granting->arena;
	return 0;
}

static int prepare(struct granting *granting, const char *role, const char *comment)
{
	const struct policy *policy;
	struct grant_file file;
	struct grant_entry entry = {.number = granting->entry->number, .comment = comment};

	if (open_grant(granting) < 0 || find_requester(granting) < 0 || take_words(granting) < 0)
		return -1;
	policy = load(granting, NULL);
	if (policy == NULL || make_line(granting, policy, &entry.function) < 0 ||
		choose_file(granting, role) < 0 || read_grants(granting, &file) < 0)
		return -1;
	entry.line = granting->grant->line;
	drop_entry(&file, entry.number);
	file.entries = arena_grow(granting->arena, file.entries, file.count, sizeof(*file.entries));
	file.entries[file.count++] = entry;
	set_bytes(granting, &file);
	return check_result(granting);
}

int approval_grant_prepare(struct arena *arena, const char *directory,
	const struct approval_entry *entry, const struct approval_person *person, const char *role,
	const char *reason, struct approval_grant *grant, const char **complaint)
{
	struct granting granting = {.arena = arena,
		.directory = directory,
		.entry = entry,
		.grant = grant,
		.complaint = complaint};
	int result = prepare(
		&granting, role, grant_comment(arena, entry->number, person, time(NULL), reason));

	if (result != 0)
		approval_grant_close(grant);
	return result;
}

/* An entry of that number in a file that is not ours to change. */
static int look_elsewhere(const struct granting *granting)
{
	const char *path = arena_printf(granting->arena, "%s/roles.d", granting->directory);
	DIR *folder = opendir(path);
	const struct dirent *item;
	const char *text, *lines;
	int result = 0;

	while (result == 0 && folder != NULL && (item = readdir(folder)) != NULL) {
		const char *file = arena_printf(granting->arena, "roles.d/%s", item->d_name);

		if (item->d_name[0] == '.' || read_file(granting, file, &text) < 0 || text == NULL)
			continue;
		lines = grant_lines_of(granting->arena, text, granting->entry->number);
		if (lines != NULL)
			result = fail(granting,
				"%s was edited; take out %s of it, and reload the configuration",
				show(granting, file), lines);
	}
	if (folder != NULL)
		closedir(folder);
	return result;
}

static const struct grant_entry *find_entry(const struct grant_file *file, unsigned long number)
{
	for (size_t i = 0; i < file->count; i++)
		if (file->entries[i].number == number)
			return &file->entries[i];
	return NULL;
}

static int withdraw(const struct granting *granting)
{
	struct approval_grant *grant = granting->grant;
	const struct grant_entry *found;
	struct grant_file file;
	struct config_change change;
	const char *text;

	if (open_grant(granting) < 0 || choose_file(granting, granting->entry->role) < 0 ||
		read_file(granting, grant->file, &text) < 0)
		return -1;
	if (text == NULL || !grant_file_parse(granting->arena, text, &file))
		return look_elsewhere(granting);
	found = find_entry(&file, granting->entry->number);
	if (found == NULL)
		return look_elsewhere(granting);
	grant->line = found->line;
	drop_entry(&file, granting->entry->number);
	change = change_of(grant);
	/* Where something else names the role, it stays, without a grant. */
	if (file.count > 0 || load(granting, &change) == NULL)
		set_bytes(granting, &file);
	return 0;
}

int approval_grant_withdraw(struct arena *arena, const char *directory,
	const struct approval_entry *entry, struct approval_grant *grant, const char **complaint)
{
	const struct granting granting = {.arena = arena,
		.directory = directory,
		.entry = entry,
		.grant = grant,
		.complaint = complaint};
	int result = withdraw(&granting);

	if (result != 0)
		approval_grant_close(grant);
	else
		*complaint = NULL;
	return result;
}
