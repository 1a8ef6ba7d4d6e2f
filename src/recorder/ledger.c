#include "recorder/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"

enum { CLOCK_SLACK = 1000 /* ms */ };

/* Blocks behind the end: what is allocated can be written to on a full disk. */
static int allocate(struct ledger *ledger, off_t ahead)
{
	off_t wanted = ledger->size + ahead;

	if (wanted <= ledger->allocated)
		return 0;
	if (fallocate(ledger->file, FALLOC_FL_KEEP_SIZE, ledger->size, ahead + LEDGER_AHEAD) == 0) {
		ledger->allocated = wanted + LEDGER_AHEAD;
		return 0;
	}
	/* A file system without it keeps no reserve; write(2) says when it is full. */
	return errno == ENOSPC || errno == EDQUOT ? -1 : 0;
}

/* All of it or nothing. */
static int write_whole(struct ledger *ledger, const char *line, size_t length)
{
	ssize_t written;

	do
		written = write(ledger->file, line, length);
	while (written < 0 && errno == EINTR);
	if (written == (ssize_t)length) {
		ledger->size += written;
		ledger->unsynced = true;
		return 0;
	}
	if (written >= 0) {
		(void)!ftruncate(ledger->file, ledger->size);
		ledger->allocated = 0;
		errno = ENOSPC;
	}
	return -1;
}

static int seal(struct ledger *ledger, struct arena *arena, const char *object)
{
	struct chain chain = ledger->chain;
	const char *line = object == NULL ? NULL : chain_seal(arena, &chain, object);
	size_t length;

	if (line == NULL) {
		errno = EINVAL;
		return -1;
	}
	length = strlen(line);
	if (write_whole(ledger, line, length) != 0)
		return -1;
	ledger->chain = chain;
	if (ledger->written != NULL)
		ledger->written(ledger->context, line, length - 1);
	return 0;
}

json_t *ledger_event(struct arena *arena, const char *operation, const char *format, ...)
{
	json_t *object = event_object(arena, operation, event_now()), *more;
	json_error_t error;
	va_list arguments;

	va_start(arguments, format);
	more = json_vpack_ex(&error, 0, format, arguments);
	va_end(arguments);
	if (object != NULL && more != NULL && json_object_update(object, more) == 0) {
		json_decref(more);
		return object;
	}
	json_decref(more);
	json_decref(object);
	return NULL;
}

/* A clock that is set back makes no line wrong, but who reads the log is to know. */
static void note_clock(struct ledger *ledger, struct arena *arena)
{
	long long now = event_now(), before = ledger->latest;

	ledger->latest = now;
	if (before - now <= CLOCK_SLACK)
		return;
	message_warning("the clock went back by %lld ms", before - now);
	(void)ledger_note(ledger, arena,
		ledger_event(arena, "clock", "{s:s,s:I,s:s}", "before", event_time(arena, before),
			"back", (json_int_t)(before - now), "res", "success"));
}

int ledger_note(struct ledger *ledger, struct arena *arena, json_t *object)
{
	const char *text = event_object_text(arena, object);

	if (!ledger->full && allocate(ledger, LEDGER_RESERVE) != 0)
		ledger->full = true;
	return seal(ledger, arena, text);
}

static void become_full(struct ledger *ledger, struct arena *arena, int error)
{
	if (ledger->full)
		return;
	ledger->full = true;
	message_error(
		"the disk is full: %s; events are refused until there is room", strerror(error));
	(void)ledger_note(ledger, arena,
		ledger_event(arena, "disk-full", "{s:s,s:s}", "detail", strerror(error), "res",
			"failed"));
}

int ledger_append(struct ledger *ledger, struct arena *arena, const char *object)
{
	off_t length = (off_t)strlen(object) + CHAIN_SEALED_MAX;
	int result = 0;

	note_clock(ledger, arena);
	if (ledger->full || allocate(ledger, length + LEDGER_RESERVE) != 0)
		errno = ENOSPC, result = -1;
	if (result == 0)
		result = seal(ledger, arena, object);
	if (result != 0 && (errno == ENOSPC || errno == EDQUOT)) {
		become_full(ledger, arena, errno);
		errno = ENOSPC;
	}
	return result;
}

void ledger_recheck(struct ledger *ledger, struct arena *arena)
{
	if (!ledger->full || allocate(ledger, 2 * LEDGER_RESERVE) != 0)
		return;
	ledger->full = false;
	message_info("there is room on the disk again");
	(void)ledger_note(
		ledger, arena, ledger_event(arena, "disk-free", "{s:s}", "res", "success"));
}

int ledger_sync(struct ledger *ledger)
{
	if (!ledger->unsynced)
		return 0;
	if (fdatasync(ledger->file) != 0)
		return -1;
	ledger->unsynced = false;
	return 0;
}

uint64_t ledger_last(const struct ledger *ledger)
{
	return ledger->chain.next - 1;
}

/* Gives back what was allocated ahead. */
void ledger_close(struct ledger *ledger)
{
	if (ledger->file >= 0) {
		(void)!ftruncate(ledger->file, ledger->size);
		(void)fdatasync(ledger->file);
	}
	fd_close(&ledger->file);
}
