/*
 * trust generate: entries for what a package will install, from its staging directory. The same
 * files give the same bytes, in the order of their names, with ids that follow from the paths.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/trust.h"
#include "base/message.h"
#include "base/text.h"

enum { DEPTH_MAX = 64 };

struct staging {
	struct arena *arena;
	const struct trust_words *words;
	int level, on_mismatch;
	struct strings entries;
	bool failed;
};

static void complain(struct staging *staging, const char *path, const char *why)
{
	message_error(
		"trust generate: %s: %s", text_escape(staging->arena, path, strlen(path)), why);
	staging->failed = true;
}

static void add(struct staging *staging, const char *target, const char *digest)
{
	struct trust_entry entry = {
		.id = trust_id_of(staging->arena, target),
		.path = target,
		.content_hash = digest,
		.level = (enum trust_level)staging->level,
		.on_mismatch = (enum trust_mismatch)staging->on_mismatch,
	};

	strings_add(staging->arena, &staging->entries, trust_text(staging->arena, &entry));
}

/* "…/functions.d/NAME.conf" as trusted.d names it, or NULL. */
static const char *library_of(const char *path)
{
	static const char folder[] = "/functions.d/";
	const char *slash = strrchr(path, '/');
	size_t length = strlen(path);
	const char *at = slash - (sizeof(folder) - 2);

	if ((size_t)(slash - path) < sizeof(folder) - 2 ||
		strncmp(at, folder, sizeof(folder) - 1) != 0 || length < 6 ||
		strcmp(path + length - 5, ".conf") != 0)
		return NULL;
	return at + 1;
}

static bool is_script(const char *path)
{
	char start[2];
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool is = fd >= 0 && read(fd, start, 2) == 2 && start[0] == '#' && start[1] == '!';

	if (fd >= 0)
		close(fd);
	return is;
}

/* `path` is `installed` in the staging directory. */
static void look_at(struct staging *staging, const char *path, const char *installed)
{
	struct script_content *content = arena_alloc(staging->arena, sizeof(*content));
	const char *library = library_of(installed), *complaint;

	if (library != NULL) {
		if (trust_digest(path, content->digest) == 0)
			add(staging, library, content->digest);
		else
			complain(staging, path, strerror(errno));
		return;
	}
	if (!is_script(path))
		return;
	if (!text_is_canonical_path(installed))
		complain(staging, path, "its name has bytes that no configuration can hold");
	else if (trust_script_digest(staging->arena, path, content, &complaint) != 0)
		complain(staging, path, complaint);
	else
		add(staging, installed, content->digest);
}

static int compare(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

static bool list(struct staging *staging, const char *path, struct strings *names)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;

	if (directory == NULL) {
		complain(staging, path, strerror(errno));
		return false;
	}
	while ((entry = readdir(directory)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			strings_add(
				staging->arena, names, arena_strdup(staging->arena, entry->d_name));
	closedir(directory);
	if (names->count > 0)
		qsort(names->items, names->count, sizeof(*names->items), compare);
	return true;
}

/* Links are not followed: what they lead to has its own name. */
static void walk(struct staging *staging, const char *path, const char *installed, int depth)
{
	struct strings names = {0};

	if (depth == DEPTH_MAX) {
		complain(staging, path, "too deep");
		return;
	}
	if (!list(staging, path, &names))
		return;
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		const char *below = arena_printf(staging->arena, "%s/%s", path, name);
		const char *there = arena_printf(staging->arena, "%s/%s", installed, name);
		struct stat status;

		if (lstat(below, &status) != 0)
			complain(staging, below, strerror(errno));
		else if (S_ISDIR(status.st_mode))
			walk(staging, below, there, depth + 1);
		else if (S_ISREG(status.st_mode))
			look_at(staging, below, there);
	}
}

int trust_generate(struct arena *arena, const struct trust_words *words)
{
	struct staging staging = {.arena = arena, .words = words, .level = TRUST_TRUSTED};

	if (words->level != NULL)
		staging.level = trust_choice("--level", words->level, trust_level_names);
	if (words->on_mismatch != NULL)
		staging.on_mismatch =
			trust_choice("--on-mismatch", words->on_mismatch, trust_mismatch_names);
	if (staging.level < 0 || staging.on_mismatch < 0)
		return ADMIN_WRONG;
	walk(&staging, words->operand, "", 0);
	if (staging.failed)
		return ADMIN_WRONG;
	if (staging.level == TRUST_SYSTEM)
		puts("# For rolegate.conf, which alone can say \"system\".");
	fputs(trust_file_text(arena, &staging.entries, "generate"), stdout);
	return ADMIN_OK;
}
