/* How a log begins, goes on after the recorder ended in any way, and becomes an older file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "record/chain_cut.h"
#include "recorder/ledger.h"

static const char older_prefix[] = "events-", older_suffix[] = ".jsonl";

enum { DIGITS = 20, PREFIX = sizeof(older_prefix) - 1 };

uint64_t ledger_sequence_of(const char *name)
{
	uint64_t sequence = 0;

	if (strlen(name) != PREFIX + DIGITS + sizeof(older_suffix) - 1 ||
		strncmp(name, older_prefix, PREFIX) != 0 ||
		strspn(name + PREFIX, "0123456789") != DIGITS ||
		strcmp(name + PREFIX + DIGITS, older_suffix) != 0)
		return 0;
	for (const char *digit = name + PREFIX; digit < name + PREFIX + DIGITS; digit++)
		if (__builtin_mul_overflow(sequence, 10, &sequence) ||
			__builtin_add_overflow(sequence, (uint64_t)(*digit - '0'), &sequence))
			return 0;
	return sequence;
}

static void older_name(uint64_t first, char name[LEDGER_FILE_NAME])
{
	(void)snprintf(name, LEDGER_FILE_NAME, "%s%020llu%s", older_prefix,
		(unsigned long long)first, older_suffix);
}

static int open_file(int directory, const char *name, int flags)
{
	_cleanup_fd_ int fd = openat(
		directory, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		return -1;
	if (S_ISREG(status.st_mode) && status.st_uid == geteuid() && status.st_nlink == 1 &&
		(status.st_mode & 077) == 0)
		return fd_take(&fd);
	message_error("%s must be one file of this account's, with mode 0600", name);
	errno = EPERM;
	return -1;
}

/* The older file with the largest SEQ: 0 and `name`, or 1: there is none; -1 and errno. */
static int newest_older(int directory, char name[LEDGER_FILE_NAME])
{
	_cleanup_list_ DIR *entries = fd_list(directory, ".");
	struct dirent *entry;
	uint64_t newest = 0;

	if (entries == NULL)
		return -1;
	while ((entry = readdir(entries)) != NULL)
		if (ledger_sequence_of(entry->d_name) > newest)
			newest = ledger_sequence_of(entry->d_name);
	if (newest == 0)
		return 1;
	older_name(newest, name);
	return 0;
}

uint64_t ledger_oldest(const struct ledger *ledger)
{
	_cleanup_list_ DIR *entries = fd_list(ledger->directory, ".");
	uint64_t oldest = ledger->first, sequence;
	struct dirent *entry;

	while (entries != NULL && (entry = readdir(entries)) != NULL)
		if ((sequence = ledger_sequence_of(entry->d_name)) != 0 && sequence < oldest)
			oldest = sequence;
	return oldest;
}

static void take(struct ledger *ledger, const struct chain_file *found)
{
	ledger->chain = found->chain;
	memcpy(ledger->id, found->id, sizeof(ledger->id));
	ledger->first = found->first;
	ledger->opened = found->opened;
	ledger->size = found->good;
}

/* The first line of an empty file. */
static int begin(struct ledger *ledger, struct arena *arena, const char *after)
{
	uint64_t first = ledger->chain.next;
	json_t *object;
	char *text;

	if (ledger->id[0] == '\0' && chain_file_new_id(ledger->id) != 0)
		return -1;
	ledger->opened = event_now();
	text = chain_file_header(arena, ledger->id, after, ledger->opened);
	object = text == NULL ? NULL : json_loads(text, 0, NULL);
	if (ledger_note(ledger, arena, object) != 0)
		return -1;
	ledger->first = first;
	return 0;
}

/* Where the newest of the older files left the chain: 0 and its name, 1: there is none; or -1. */
static int take_older(struct ledger *ledger, char name[LEDGER_FILE_NAME])
{
	int none = newest_older(ledger->directory, name);
	struct chain_file found;
	_cleanup_fd_ int fd = -1;

	if (none != 0)
		return none;
	fd = open_file(ledger->directory, name, O_RDONLY);
	if (fd < 0 || chain_file_read(fd, &found) != 0 || found.first == 0) {
		message_error("%s: the chain can't go on after it: %s", name,
			fd < 0 ? strerror(errno) : "it holds none");
		return -1;
	}
	ledger->chain = found.chain;
	memcpy(ledger->id, found.id, sizeof(ledger->id));
	return 0;
}

static int begin_after_older(struct ledger *ledger, struct arena *arena)
{
	char name[LEDGER_FILE_NAME];
	int none = take_older(ledger, name);

	return none < 0 ? -1 : begin(ledger, arena, none == 0 ? name : NULL);
}

static int open_current(struct ledger *ledger)
{
	ledger->file = open_file(ledger->directory, LEDGER_NAME, O_RDWR | O_APPEND | O_CREAT);
	ledger->size = ledger->allocated = 0;
	return ledger->file < 0 ? -1 : 0;
}

static int cut(struct ledger *ledger, struct arena *arena, struct chain_file *found)
{
	char name[LEDGER_FILE_NAME], *text;
	int none = 1;

	if (found->first == 0 && (none = take_older(ledger, name)) < 0)
		return -1;
	found->chain = ledger->chain;
	if (chain_cut(arena, ledger->directory, LEDGER_NAME, ledger->file, found, &text) != 0)
		return -1;
	ledger->size = found->good;
	if (found->first == 0 && begin(ledger, arena, none == 0 ? name : NULL) != 0)
		return -1;
	return ledger_note(ledger, arena, json_loads(text, 0, NULL));
}

static int go_on(struct ledger *ledger, struct arena *arena)
{
	struct chain_file found;

	if (chain_file_read(ledger->file, &found) != 0)
		return -1;
	if (found.state == CHAIN_FILE_FOREIGN) {
		fd_close(&ledger->file);
		if (chain_set_aside(arena, ledger->directory, LEDGER_NAME) != 0 ||
			open_current(ledger) != 0)
			return -1;
		found.state = CHAIN_FILE_EMPTY;
	}
	if (found.state == CHAIN_FILE_EMPTY)
		return begin_after_older(ledger, arena);
	take(ledger, &found);
	return found.state == CHAIN_FILE_TORN ? cut(ledger, arena, &found) : 0;
}

int ledger_open(struct ledger *ledger, int directory)
{
	return ledger_open_told(ledger, directory, NULL, NULL);
}

int ledger_open_told(struct ledger *ledger, int directory, ledger_written *written, void *context)
{
	struct arena *arena = arena_new();
	int result = -1, saved;

	*ledger = (struct ledger){.directory = directory,
		.file = -1,
		.chain = chain_start,
		.written = written,
		.context = context};
	ledger->latest = event_now();
	if (open_current(ledger) == 0)
		result = go_on(ledger, arena);
	saved = errno;
	if (result != 0)
		fd_close(&ledger->file);
	arena_free(arena);
	errno = saved;
	return result;
}

/* A new file that could not be begun is none: the old one is written on. */
static int undo_rotation(struct ledger *ledger, const struct ledger *before, const char *name)
{
	int saved = errno;

	fd_close(&ledger->file);
	if (renameat2(ledger->directory, name, ledger->directory, LEDGER_NAME, 0) == 0)
		*ledger = *before;
	errno = saved;
	return -1;
}

int ledger_rotate(struct ledger *ledger, struct arena *arena)
{
	struct ledger before = *ledger;
	char name[LEDGER_FILE_NAME];

	older_name(ledger->first, name);
	if (ledger_sync(ledger) != 0 || renameat2(ledger->directory, LEDGER_NAME, ledger->directory,
						name, RENAME_NOREPLACE) != 0)
		return -1;
	if (open_current(ledger) != 0 || begin(ledger, arena, name) != 0)
		return undo_rotation(ledger, &before, name);
	before.unsynced = true;
	ledger_close(&before);
	return fsync(ledger->directory);
}
