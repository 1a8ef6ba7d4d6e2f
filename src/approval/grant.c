#include "approval/grant.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "approval/grant_parts.h"
#include "base/fd.h"
#include "base/text.h"
#include "config/trust.h"

enum { ROLE_FILE_MAX = 16 * 1024 * 1024 };

static const char *role_of(
	struct arena *arena, const struct approval_entry *entry, const char *role)
{
	return role != NULL ? role
			    : arena_printf(arena, "approved-%u-%s", (unsigned)entry->uid,
				      entry->endpoint);
}

const char *approval_grant_file(struct arena *arena, const struct approval_entry *entry)
{
	if (entry->kind != APPROVAL_COMMAND || entry->expires > 0 || entry->once ||
		entry->as_caller_only)
		return NULL;
	return arena_printf(arena, "roles.d/%s.role", role_of(arena, entry, entry->role));
}

static int choose_file(const struct granting *granting, const char *role)
{
	const char *name = role_of(granting->arena, granting->entry, role);

	if (!text_is_name(name))
		return grant_fail(granting, "%s can't be the name of a role; name one with --role",
			grant_show(granting, name));
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
	return *text != NULL ? 0 : grant_fail(granting, "%s: %s", path, strerror(errno));
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
		return grant_fail(granting,
			"%s was not written by rolegatectl, or was edited; name another role with "
			"--role",
			name);
	if (strcmp(file->assigned, mine.assigned) == 0)
		return 0;
	return grant_fail(
		granting, "%s is assigned to others; name another role with --role", name);
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

static int take_words(struct granting *granting)
{
	granting->words = granting->entry->argv;
	return granting->words.count > 0 ? 0
					 : grant_fail(granting, "the queue has no words for it");
}

static int prepare(struct granting *granting, const char *role, const char *comment)
{
	const struct policy *policy;
	struct grant_file file;
	struct grant_entry entry = {.number = granting->entry->number, .comment = comment};

	if (open_grant(granting) < 0 || grant_find_requester(granting) < 0 ||
		take_words(granting) < 0)
		return -1;
	policy = grant_load(granting, NULL);
	if (policy == NULL || grant_make_line(granting, policy, &entry.function) < 0 ||
		choose_file(granting, role) < 0 || read_grants(granting, &file) < 0)
		return -1;
	entry.line = granting->grant->line;
	granting->grant->before = policy->digest;
	drop_entry(&file, entry.number);
	file.entries = arena_grow(granting->arena, file.entries, file.count, sizeof(*file.entries));
	file.entries[file.count++] = entry;
	set_bytes(granting, &file);
	return grant_check_result(granting);
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
			result = grant_fail(granting,
				"%s was edited; take out %s of it, and reload the configuration",
				grant_show(granting, file), lines);
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
	change = grant_change(grant);
	/* Where something else names the role, it stays, without a grant. */
	if (file.count > 0 || grant_load(granting, &change) == NULL)
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
