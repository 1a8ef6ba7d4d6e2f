#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "config/config.h"
#include "config/digest.h"
#include "config/document.h"
#include "config/loader.h"
#include "config/scripts.h"
#include "config/suggest.h"
#include "config/trust.h"
#include "config/trust_files.h"

#define MAIN_FILE "rolegate.conf"
#define RECORDER_FILE "recorder.conf" /* rolegate-recorder(8) reads it */

/* In the order in which they are read. */
static const struct folder {
	const char *name, *suffix;
	bool roles;	 /* names of files are names of roles */
	bool signatures; /* beside NAME.conf there may be its signature, NAME.conf.sig */
} folders[] = {
	{"commands.d", ".conf", false, false},
	{"roles.d", ".role", true, false},
	{"providers.d", ".conf", false, false},
	{"profiles.d", ".conf", false, false},
	{"functions.d", ".conf", false, true},
	{"trusted.d", ".conf", false, false},
};

enum { FOLDER_COUNT = sizeof(folders) / sizeof(folders[0]) };

struct search {
	struct arena *arena; /* for what lives as long as the search */
	const char *directory;
	unsigned flags;
	const struct config_change *change; /* NULL: as the files are */
	struct problems *problems;
	struct table complaints; /* about trust, so that each is made once */
	struct strings files;	 /* to be read, relative to the directory */
	struct strings roles;
};

static void add(struct search *search, enum problem_level level, const char *file, const char *text)
{
	problem_add(search->problems, level, (struct source){file, 0}, "%s", text);
}

static char *join(struct search *search, const char *left, const char *right)
{
	return arena_printf(search->arena, "%s/%s", left, right);
}

/* Whether the thing that R28 refuses may be used all the same. */
static bool tolerate(struct search *search, const char *file, const char *complaint)
{
	bool warns = (search->flags & CONFIG_TRUST_WARNS) != 0;

	if (table_put(search->arena, &search->complaints, complaint, search) == NULL)
		add(search, warns ? PROBLEM_WARNING : PROBLEM_ERROR, file,
			arena_printf(search->arena, "not trusted: %s", complaint));
	return warns;
}

/*
 * `name` is relative to the directory, or "" for itself. -1 and errno when it can't be used, which
 * has been reported unless errno is ENOENT.
 */
static int open_trusted(struct search *search, const char *name, int flags)
{
	const char *label = *name == '\0' ? search->directory : name;
	const char *path =
		*name == '\0' ? search->directory : join(search, search->directory, name);
	const char *complaint;
	int fd = trust_open(search->arena, path, flags, &complaint);

	if (fd < 0 && errno == EPERM) {
		if (!tolerate(search, label, complaint))
			return errno = EPERM, -1;
		fd = open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	}
	if (fd < 0 && errno != ENOENT) {
		int error = errno;

		add(search, PROBLEM_ERROR, label,
			arena_printf(search->arena, "can't be opened: %s", strerror(error)));
		errno = error;
	}
	return fd;
}

static int compare_strings(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

/* The names in a directory, sorted; takes `fd`. */
static void list_names(struct search *search, const char *label, int fd, struct strings *names)
{
	DIR *stream = fdopendir(fd);
	const struct dirent *entry;

	if (stream == NULL) {
		add(search, PROBLEM_ERROR, label,
			arena_printf(search->arena, "can't be listed: %s", strerror(errno)));
		close(fd);
		return;
	}
	for (errno = 0; (entry = readdir(stream)) != NULL; errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			strings_add(
				search->arena, names, arena_strdup(search->arena, entry->d_name));
	if (errno != 0)
		add(search, PROBLEM_ERROR, label,
			arena_printf(search->arena, "can't be listed: %s", strerror(errno)));
	closedir(stream);
	if (names->count > 0)
		qsort(names->items, names->count, sizeof(*names->items), compare_strings);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length > tail && strcmp(text + length - tail, end) == 0;
}

static void find_file(struct search *search, const struct folder *folder, const char *name)
{
	const char *path = join(search, folder->name, name), *stem;

	if (folder->signatures && name[0] != '.' && ends_with(name, ".conf.sig"))
		return;
	if (name[0] == '.' || !ends_with(name, folder->suffix)) {
		add(search, PROBLEM_WARNING, path,
			arena_printf(search->arena,
				"this file is not read; expected a name that ends in \"%s\"",
				folder->suffix));
		return;
	}
	stem = arena_strndup(search->arena, name, strlen(name) - strlen(folder->suffix));
	if (folder->roles && !text_is_name(stem)) {
		add(search, PROBLEM_ERROR, path,
			"the name of a role has letters, digits, \"_\", \".\" and \"-\", at most "
			"64 "
			"bytes; expected a file of such a name");
		return;
	}
	if (folder->roles)
		strings_add(search->arena, &search->roles, stem);
	strings_add(search->arena, &search->files, path);
}

/* The names of the files of `folder`, the changed one among them or not. */
static void change_names(
	const struct search *search, const struct folder *folder, struct strings *names)
{
	const struct config_change *change = search->change;
	size_t length = strlen(folder->name), kept = 0;
	const char *name;

	if (change == NULL || strncmp(change->name, folder->name, length) != 0 ||
		change->name[length] != '/')
		return;
	name = change->name + length + 1;
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) != 0)
			names->items[kept++] = names->items[i];
	names->count = kept;
	if (change->bytes == NULL)
		return;
	strings_add(search->arena, names, name);
	qsort(names->items, names->count, sizeof(*names->items), compare_strings);
}

static void find_files(struct search *search, const struct folder *folder)
{
	int fd = open_trusted(search, folder->name, O_RDONLY | O_DIRECTORY);
	struct strings names = {0};

	if (fd < 0)
		return;
	list_names(search, folder->name, fd, &names);
	change_names(search, folder, &names);
	for (size_t i = 0; i < names.count; i++)
		find_file(search, folder, names.items[i]);
}

/* A file or folder by another name would be left out without a word. */
static void check_entry(struct search *search, const char *name)
{
	struct suggestion suggestion = suggestion_new(name);

	if (strcmp(name, MAIN_FILE) == 0 || strcmp(name, RECORDER_FILE) == 0)
		return;
	suggestion_consider(&suggestion, MAIN_FILE);
	suggestion_consider(&suggestion, RECORDER_FILE);
	for (size_t i = 0; i < FOLDER_COUNT; i++) {
		if (strcmp(folders[i].name, name) == 0)
			return;
		suggestion_consider(&suggestion, folders[i].name);
	}
	if (suggestion.nearest != NULL)
		add(search, PROBLEM_WARNING, name,
			arena_printf(search->arena, "this is not read%s",
				suggestion_text(search->arena, &suggestion)));
	else if (ends_with(name, ".d") || ends_with(name, ".conf") || ends_with(name, ".role"))
		add(search, PROBLEM_WARNING, name, "this is not read");
}

/* False if there is nothing to search in. */
static bool find_all(struct search *search)
{
	int fd = open_trusted(search, "", O_RDONLY | O_DIRECTORY);
	struct strings names = {0};

	if (fd < 0) {
		if (errno == ENOENT)
			add(search, PROBLEM_ERROR, search->directory, "no such directory");
		return false;
	}
	list_names(search, search->directory, fd, &names);
	for (size_t i = 0; i < names.count; i++)
		check_entry(search, names.items[i]);
	if (strings_contain(&names, MAIN_FILE))
		strings_add(search->arena, &search->files, MAIN_FILE);
	else if (!(search->flags & CONFIG_MAIN_OPTIONAL))
		add(search, PROBLEM_ERROR, MAIN_FILE,
			"no such file; expected one that defines the endpoints");
	for (size_t i = 0; i < FOLDER_COUNT; i++)
		find_files(search, &folders[i]);
	return true;
}

static bool is_changed(const struct search *search, const char *name)
{
	return search->change != NULL && strcmp(search->change->name, name) == 0;
}

static void read_changed(const struct search *search, struct loader *loader, struct digest *digest)
{
	const struct config_change *change = search->change;
	const struct config_file file = {change->name, change->bytes, change->length};

	digest_file(digest, change->name, change->bytes, change->length);
	loader_file(loader, &file);
}

static void read_one(
	struct search *search, struct loader *loader, const char *name, struct digest *digest)
{
	_cleanup_fd_ int fd = open_trusted(search, name, O_RDONLY);
	struct arena *arena;
	struct config_file file = {.name = name};

	if (fd < 0) {
		if (errno == ENOENT)
			add(search, PROBLEM_ERROR, name, "it vanished while it was looked for");
		return;
	}
	arena = arena_new();
	file.bytes = fd_read_all(arena, fd, DOCUMENT_SIZE_MAX, &file.length);
	if (file.bytes != NULL) {
		digest_file(digest, name, file.bytes, file.length);
		loader_file(loader, &file);
	} else {
		add(search, PROBLEM_ERROR, name,
			errno == EFBIG ? "larger than 16 MiB; expected several files"
				       : arena_printf(search->arena, "can't be read: %s",
						 strerror(errno)));
	}
	arena_free(arena);
}

static void read_all(struct search *search, struct loader *loader)
{
	struct digest digest;

	digest_begin(&digest);
	for (size_t i = 0; i < search->files.count; i++)
		if (is_changed(search, search->files.items[i]))
			read_changed(search, loader, &digest);
		else
			read_one(search, loader, search->files.items[i], &digest);
	if (digest_end(&digest, loader->policy->digest) != 0)
		add(search, PROBLEM_ERROR, search->directory, "SHA-256 is not available");
}

const char *config_absolute(struct arena *arena, const char *directory)
{
	char *here, *path;

	if (directory[0] == '/')
		return directory;
	here = getcwd(NULL, 0);
	path = here == NULL ? NULL : arena_printf(arena, "%s/%s", here, directory);
	free(here);
	return path;
}

struct policy *config_load(
	struct arena *arena, const char *directory, unsigned flags, struct problems *problems)
{
	return config_load_changed(arena, directory, flags, NULL, problems);
}

struct policy *config_load_changed(struct arena *arena, const char *directory, unsigned flags,
	const struct config_change *change, struct problems *problems)
{
	struct loader *loader = loader_new(arena, problems);
	struct policy *policy;
	struct search search = {
		.arena = arena_new(),
		.directory = config_absolute(loader->scratch, directory),
		.flags = flags,
		.change = change,
		.problems = problems,
	};

	loader->directory = search.directory;
	if (search.directory == NULL)
		add(&search, PROBLEM_ERROR, directory, "the working directory has no name");
	else if (find_all(&search)) {
		loader_roles(loader, &search.roles);
		read_all(&search, loader);
	}
	arena_free(search.arena);
	policy = loader_check_and_finish(loader);
	if (policy == NULL)
		return NULL;
	scripts_read(policy, flags, problems);
	trust_files_read(policy, config_absolute(arena, directory));
	problems_sort(problems);
	return problems->errors == 0 ? policy : NULL;
}
