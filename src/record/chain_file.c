#include "record/chain_file.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/request_id.h"
#include "record/event_object.h"

/* A first line is short; a last one holds a command's words. */
enum { HEADER_MAX = 4096, WINDOW_FIRST = 8 * 1024, WINDOW_MAX = 16 * 1024 * 1024 };

static ssize_t read_at(int fd, char *bytes, size_t length, off_t offset)
{
	size_t done = 0;

	while (done < length) {
		ssize_t got = pread(fd, bytes + done, length - done, offset + (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/* A line by itself: whatever it follows. The chain then stands after it. */
static bool is_whole(const char *line, size_t length, struct chain *chain)
{
	struct chain_link link;

	if (chain_read(line, length, &link) != CHAIN_GOOD)
		return false;
	chain->next = link.sequence;
	memcpy(chain->last, link.prev, sizeof(chain->last));
	return chain_check(chain, line, length, &link) == CHAIN_GOOD;
}

static bool take_header(struct chain_file *found, const char *line, size_t length)
{
	json_t *object;
	const char *id = NULL, *operation = NULL, *when = NULL;
	int format = 0;
	bool good;

	if (!is_whole(line, length, &found->chain))
		return false;
	object = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	good = object != NULL &&
	       json_unpack(object, "{s:s,s:i,s:s,s:s}", "op", &operation, "format", &format,
		       "chain", &id, "time", &when) == 0 &&
	       strcmp(operation, "chain") == 0 && format == CHAIN_FORMAT && request_id_is_valid(id);
	if (good) {
		memcpy(found->id, id, sizeof(found->id));
		found->first = found->chain.next - 1;
		found->opened = event_time_parse(when);
	}
	json_decref(object);
	return good;
}

/* Its first line: without a line end in it, a short file is a header that was left half written. */
static int read_header(int fd, struct chain_file *found)
{
	char bytes[HEADER_MAX], *end;
	ssize_t length = read_at(fd, bytes, sizeof(bytes), 0);

	if (length < 0)
		return -1;
	end = memchr(bytes, '\n', (size_t)length);
	if (end != NULL && take_header(found, bytes, (size_t)(end - bytes)))
		return 0;
	found->chain = chain_start;
	found->state =
		end == NULL && found->size < HEADER_MAX ? CHAIN_FILE_TORN : CHAIN_FILE_FOREIGN;
	return 0;
}

/* The last line of `bytes` that is whole: the offset after its line end; 0 without one. */
static size_t last_whole(const char *bytes, size_t length, bool from_start, struct chain *chain)
{
	const char *end = memrchr(bytes, '\n', length);

	while (end != NULL) {
		const char *before =
			end == bytes ? NULL : memrchr(bytes, '\n', (size_t)(end - bytes));
		const char *line = before == NULL ? bytes : before + 1;

		if (before == NULL && !from_start)
			return 0;
		if (is_whole(line, (size_t)(end - line), chain))
			return (size_t)(end + 1 - bytes);
		end = before;
	}
	return 0;
}

static int read_tail(int fd, struct chain_file *found)
{
	struct arena *arena = arena_new();
	size_t window = WINDOW_FIRST, good = 0;
	bool all = false;
	int result = 0;

	while (result == 0 && good == 0 && !all && window <= WINDOW_MAX) {
		off_t start = found->size > (off_t)window ? found->size - (off_t)window : 0;
		size_t length = (size_t)(found->size - start);
		char *bytes = arena_alloc(arena, length + 1);

		all = start == 0;
		if (read_at(fd, bytes, length, start) != (ssize_t)length)
			result = -1;
		else
			good = last_whole(bytes, length, all, &found->chain);
		found->good = start + (off_t)good;
		window *= 4;
	}
	arena_free(arena);
	if (result == 0 && good == 0) {
		errno = EBADMSG;
		return -1;
	}
	found->state = found->good == found->size ? CHAIN_FILE_GOOD : CHAIN_FILE_TORN;
	return result;
}

int chain_file_read(int fd, struct chain_file *found)
{
	struct stat status;

	*found = (struct chain_file){.state = CHAIN_FILE_EMPTY, .chain = chain_start};
	if (fstat(fd, &status) != 0)
		return -1;
	found->size = status.st_size;
	if (found->size == 0)
		return 0;
	if (read_header(fd, found) != 0)
		return -1;
	return found->first == 0 ? 0 : read_tail(fd, found);
}

int chain_file_new_id(char id[CHAIN_ID + 1])
{
	struct request_id random;

	if (request_id_new(&random) != 0)
		return -1;
	memcpy(id, random.text, CHAIN_ID + 1);
	return 0;
}

char *chain_file_header(
	struct arena *arena, const char *id, const char *after, long long milliseconds)
{
	json_t *object = event_object(arena, "chain", milliseconds);
	int failed = json_object_set_new(object, "format", json_integer(CHAIN_FORMAT));

	failed |= json_object_set_new(object, "chain", json_string(id));
	if (after != NULL)
		failed |= json_object_set_new(object, "after", event_text(arena, after));
	failed |= json_object_set_new(object, "res", json_string("success"));
	if (failed == 0)
		return event_object_text(arena, object);
	json_decref(object);
	return NULL;
}
