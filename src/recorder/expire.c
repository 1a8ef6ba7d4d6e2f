#include "recorder/expire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"

enum { ROOM_UNIT = 4096 /* bytes, of the usual file systems */ };

struct item {
	char name[LEDGER_FILE_NAME];
	long long written; /* s */
	uint64_t bytes, room, sequence;
};

struct items {
	struct arena *arena;
	struct item *list;
	size_t count;
	uint64_t room;
};

/* A time that is yet to come, since the clock went back, is now. */
bool expire_is_old(long long written, uint64_t keep_age)
{
	long long now = event_now() / 1000;

	return now > written && (uint64_t)(now - written) > keep_age;
}

uint64_t expire_room(uint64_t bytes)
{
	return (bytes / ROOM_UNIT + 1) * ROOM_UNIT;
}

/* NULL, or why it goes: `room` is what all take that are left. */
static const char *reason_for(
	const struct item *item, uint64_t room, uint64_t keep_size, uint64_t keep_age)
{
	if (expire_is_old(item->written, keep_age))
		return "age";
	return room > keep_size ? "size" : NULL;
}

static struct item *add(struct items *items, const char *name, const struct stat *status)
{
	struct item *item;

	items->list = arena_grow(items->arena, items->list, items->count, sizeof(*item));
	item = &items->list[items->count++];
	(void)snprintf(item->name, sizeof(item->name), "%.*s", LEDGER_FILE_NAME - 1, name);
	item->written = status->st_mtime;
	item->bytes = (uint64_t)status->st_size;
	item->room = expire_room(item->bytes);
	items->room += item->room;
	return item;
}

static int by_sequence(const void *one, const void *other)
{
	const struct item *a = one, *b = other;

	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

static void list_older(int directory, struct items *items)
{
	_cleanup_list_ DIR *entries = fd_list(directory, ".");
	struct dirent *entry;
	struct stat status;

	while (entries != NULL && (entry = readdir(entries)) != NULL)
		if (ledger_sequence_of(entry->d_name) != 0 &&
			fstatat(directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(status.st_mode))
			add(items, entry->d_name, &status)->sequence =
				ledger_sequence_of(entry->d_name);
	if (items->count > 1)
		qsort(items->list, items->count, sizeof(*items->list), by_sequence);
}

int expire_noted(struct ledger *ledger, struct arena *arena, const char *path, json_t *object)
{
	if (ledger_note(ledger, arena, object) == 0 && unlinkat(ledger->directory, path, 0) == 0)
		return 0;
	message_error("%s could not be removed: %m", path);
	return -1;
}

/* A file that can't be read stays, and all after it: a hole is never ours. */
static int expire_file(
	struct ledger *ledger, struct arena *arena, const struct item *item, const char *reason)
{
	_cleanup_fd_ int fd = openat(
		ledger->directory, item->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct chain_file found;

	if (fd < 0 || chain_file_read(fd, &found) != 0 || found.state != CHAIN_FILE_GOOD) {
		message_error("%s is too old or too much, but can't be read: it stays", item->name);
		return -1;
	}
	return expire_noted(ledger, arena, item->name,
		ledger_event(arena, "expired", "{s:s,s:I,s:I,s:s,s:I,s:s,s:s}", "file", item->name,
			"first", (json_int_t)found.first, "last",
			(json_int_t)(found.chain.next - 1), "last_hash", found.chain.last, "bytes",
			(json_int_t)item->bytes, "reason", reason, "res", "success"));
}

size_t expire_events(struct ledger *ledger, struct arena *arena, const struct settings *settings)
{
	struct items items = {.arena = arena};
	size_t gone = 0;

	list_older(ledger->directory, &items);
	items.room += (uint64_t)ledger->size;
	while (gone < items.count && gone < EXPIRE_A_TURN) {
		const struct item *item = &items.list[gone];
		const char *reason =
			reason_for(item, items.room, settings->keep_size, settings->keep_age);

		if (reason == NULL || expire_file(ledger, arena, item, reason) != 0)
			break;
		items.room -= item->room;
		gone++;
	}
	return gone;
}
