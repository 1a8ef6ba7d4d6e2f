/*
 * What a function says besides its output: typed lines, and errors that the operator does not see.
 * Both are always read, so that nothing that they are flooded with blocks the script; only a
 * bounded part is kept (R33).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "gateway/function.h"
#include "gateway/relay.h"

enum { CHUNK = 64 * 1024 };

static void keep_hidden(struct hidden *hidden, const char *bytes, size_t length)
{
	if (length > HIDDEN_MAX) {
		bytes += length - HIDDEN_MAX;
		length = HIDDEN_MAX;
		hidden->truncated = true;
	}
	if (hidden->length + length > sizeof(hidden->bytes)) {
		size_t kept = HIDDEN_MAX < hidden->length ? HIDDEN_MAX : hidden->length;

		memmove(hidden->bytes, hidden->bytes + hidden->length - kept, kept);
		hidden->length = kept;
		hidden->truncated = true;
	}
	memcpy(hidden->bytes + hidden->length, bytes, length);
	hidden->length += length;
}

/* The bytes read, 0 when there is nothing now; at its end the descriptor is closed. */
static size_t read_some(const struct relay *relay, int *fd)
{
	char bytes[CHUNK];
	ssize_t got = read(*fd, bytes, sizeof(bytes));

	if (got > 0 && fd == &relay->request->typed)
		outcome_feed(relay->request->outcome, bytes, (size_t)got);
	else if (got > 0) {
		(void)recording_take(&relay->request->recording, 'e', bytes, (size_t)got);
		keep_hidden(relay->request->hidden, bytes, (size_t)got);
	}
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		fd_close(fd);
	return got > 0 ? (size_t)got : 0;
}

void relay_hear(struct relay *relay, bool typed, bool errors)
{
	if (typed)
		(void)read_some(relay, &relay->request->typed);
	if (errors)
		(void)read_some(relay, &relay->request->errors);
}

/*
 * Whoever still holds the other end, out of reach, and goes on writing is not waited for: false if
 * there is more, as the program itself can't have left it.
 */
static bool read_rest(const struct relay *relay, int *fd)
{
	int capacity = *fd < 0 ? 0 : fcntl(*fd, F_GETPIPE_SZ);
	size_t rest = capacity <= 0 ? 0 : (size_t)capacity;

	while (*fd >= 0) {
		size_t got = read_some(relay, fd);

		if (got == 0)
			break;
		if (got > rest)
			return false;
		rest -= got;
	}
	return true;
}

void relay_hear_rest(struct relay *relay)
{
	struct request *request = relay->request;

	if (request->outcome == NULL)
		return;
	if (read_rest(relay, &request->typed))
		outcome_end(request->outcome);
	else
		request->outcome->truncated = true;
	(void)read_rest(relay, &request->errors);
	fd_close(&request->typed);
	fd_close(&request->errors);
}

bool request_shows(const struct request *request, const struct outcome_line *line)
{
	return line->own || line->type != OUTCOME_ERROR || request->hidden == NULL;
}

static const struct outcome_line *next_message(struct relay *relay)
{
	const struct outcome *outcome = relay->request->outcome;

	if (outcome == NULL || relay->request->outer != NULL ||
		(relay->request->flags & PACKET_FLAG_JSON) != 0)
		return NULL;
	while (relay->told < outcome->count &&
		!request_shows(relay->request, &outcome->lines[relay->told]))
		relay->told++;
	return relay->told < outcome->count ? &outcome->lines[relay->told] : NULL;
}

_Static_assert((int)MESSAGE_SUCCESS == (int)OUTCOME_SUCCESS &&
		       (int)MESSAGE_INVALID == (int)OUTCOME_INVALID,
	"a line's type is sent as it is");

bool relay_has_message(struct relay *relay)
{
	return next_message(relay) != NULL;
}

void relay_put_message(struct relay *relay, struct packet_writer *writer)
{
	const struct outcome_line *line = next_message(relay);

	packet_restart(writer, PACKET_MESSAGE);
	packet_put_u8(writer, (uint8_t)line->type);
	packet_put_string(writer, line->input);
	packet_put_string(writer, line->text);
}
