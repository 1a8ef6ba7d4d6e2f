#include "gateway/recording.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/message.h"
#include "gateway/request.h"

enum { LOST_INTERVAL = 1000 * 1000 /* us from one count of lost bytes to the next */ };

static const uint8_t codes[RECORDING_STREAMS] = {'i', 'o', 'e'};

static uint64_t now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

uint64_t recording_time(const struct recording *recording)
{
	return now() - recording->started;
}

void recording_init(struct recording *recording)
{
	*recording = (struct recording){.state = RECORDING_NONE};
	for (size_t i = 0; i < RECORDING_STREAMS; i++)
		recording->pumps[i] = pump_none;
}

static bool is_running(const struct recording *recording)
{
	return recording->state == RECORDING_OPEN || recording->state == RECORDING_FULL;
}

static void fail(struct recording *recording)
{
	if (recording->state == RECORDING_FAILED)
		return;
	recording->state = RECORDING_FAILED;
	recording->complaint = recording->client->complaint;
	message_warning("a transcript can't be written: %s", recording->complaint);
}

int recording_socket(const struct recording *recording)
{
	return is_running(recording) ? recording->client->socket : -1;
}

void recording_spoke(struct recording *recording)
{
	if (is_running(recording) && recorder_client_failed(recording->client) != 0)
		fail(recording);
}

bool recording_must_end(const struct recording *recording)
{
	return recording->state == RECORDING_FAILED && recording->rule.mode == TRANSCRIPT_REQUIRED;
}

/* What is not written down where it must be is dropped, and so must be seen. */
bool recording_wants(const struct recording *recording)
{
	return recording->state == RECORDING_OPEN || recording_must_end(recording);
}

const char *recording_word(const struct recording *recording)
{
	return recording->rule.mode == TRANSCRIPT_OFF ? NULL
	       : recording->state == RECORDING_FAILED ? "failed"
						      : transcript_mode_names[recording->rule.mode];
}

static struct recorder_client *client_of(struct session *session)
{
	if (session->transcripts == NULL) {
		session->transcripts = arena_alloc(session->arena, sizeof(*session->transcripts));
		recorder_client_init(session->transcripts, NULL);
	}
	return session->transcripts;
}

static int refuse(struct request *request)
{
	const struct recording *recording = &request->recording;

	if (!recording_must_end(recording))
		return 0;
	request_deny(request, REASON_GATEWAY_ERROR, "the transcript can't be written: %s",
		recording->complaint);
	return -1;
}

/* Streams that are the gateway's own, or the pty, are written down where they are read. */
static int open_pumps(struct request *request)
{
	struct recording *recording = &request->recording;

	for (size_t i = recording->rule.input ? 0 : 1; i < RECORDING_STREAMS; i++) {
		if (request->descriptors[i] < 0 || (i == 1 && request->printed != NULL) ||
			(i == 2 && request->errors >= 0))
			continue;
		if (pump_open(&recording->pumps[i], request->arena, codes[i],
			    &request->descriptors[i]) == 0)
			continue;
		request_deny(request, REASON_GATEWAY_ERROR, "no pipe for the transcript: %s",
			strerror(errno));
		return -1;
	}
	return 0;
}

/* What is run for a request is written down as that one is. */
static struct transcript_rule rule_of(const struct request *request)
{
	struct transcript_rule rule = request->decision.transcript;

	if (request->outer == NULL)
		return rule;
	return transcript_stricter(rule, request->outer->decision.transcript);
}

int request_open_recording(struct request *request)
{
	struct recording *recording = &request->recording;
	struct recorder_opening opening = {
		.request = request->id.text, .uid = request->session->peer.uid};

	recording->rule = rule_of(request);
	if (recording->rule.mode == TRANSCRIPT_OFF)
		return 0;
	opening.header = recording_header(request);
	if (opening.header == NULL) {
		request_deny(request, REASON_GATEWAY_ERROR, "the transcript has no header");
		return -1;
	}
	recording->client = client_of(request->session);
	recording->started = now();
	recording->state = RECORDING_ASKED;
	if (recorder_client_open(recording->client, &opening) == 0)
		return open_pumps(request);
	fail(recording);
	return refuse(request);
}

int request_await_recording(struct request *request)
{
	struct recording *recording = &request->recording;

	if (recording->state == RECORDING_ASKED) {
		if (recorder_client_opened(recording->client, &recording->left) == 0)
			recording->state = RECORDING_OPEN;
		else
			fail(recording);
	}
	return refuse(request);
}

static size_t index_of(uint8_t code)
{
	size_t i = 0;

	while (i + 1 < RECORDING_STREAMS && codes[i] != code)
		i++;
	return i;
}

static void tell_lost(struct recording *recording, uint64_t time)
{
	for (size_t i = 0; is_running(recording) && i < RECORDING_STREAMS; i++) {
		uint64_t lost = recording->lost[i];

		recording->lost[i] = 0;
		if (lost > 0 && recorder_client_lost(recording->client, codes[i], time, lost) != 0)
			fail(recording);
	}
	recording->lost_since = time;
}

/* At once for the first time, then so seldom that a flood costs nothing. */
static void lose(struct recording *recording, uint8_t code, size_t length)
{
	uint64_t time = recording_time(recording);

	recording->lost[index_of(code)] += length;
	if (recording->lost_since == 0 || time - recording->lost_since >= LOST_INTERVAL)
		tell_lost(recording, time);
}

static void give(struct recording *recording, uint8_t code, const uint8_t *bytes, size_t length)
{
	uint64_t time = recording_time(recording);

	for (size_t at = 0; at < length && is_running(recording);) {
		size_t part = length - at < PACKET_DATA_MAX ? length - at : PACKET_DATA_MAX;

		if (recorder_client_data(recording->client, code, time, bytes + at, part) != 0)
			fail(recording);
		at += part;
		recording->left -= part;
	}
}

bool recording_take(struct recording *recording, uint8_t code, const void *bytes, size_t length)
{
	size_t taken = bytes == NULL ? 0 : length;

	if (!is_running(recording))
		return !recording_must_end(recording);
	if (taken > recording->left)
		taken = (size_t)recording->left;
	if (taken > 0)
		give(recording, code, bytes, taken);
	if (recording->left == 0 && is_running(recording))
		recording->state = RECORDING_FULL;
	if (taken < length && is_running(recording))
		lose(recording, code, length - taken);
	return !recording_must_end(recording);
}

void recording_window(struct recording *recording, uint16_t columns, uint16_t rows)
{
	if (recording->state == RECORDING_OPEN && columns > 0 && rows > 0 &&
		recorder_client_window(
			recording->client, recording_time(recording), columns, rows) != 0)
		fail(recording);
}

void recording_finish(struct recording *recording, const char *reason)
{
	uint64_t time;

	if (!is_running(recording))
		return;
	time = recording_time(recording);
	tell_lost(recording, time);
	if (is_running(recording) && recorder_client_finish(recording->client, time, reason) != 0)
		fail(recording);
	if (is_running(recording))
		recording->state = RECORDING_CLOSING;
}

void recording_end(struct recording *recording, const char *reason)
{
	uint64_t most;

	if (recording->state == RECORDING_ASKED) {
		if (recorder_client_opened(recording->client, &most) == 0)
			recording->state = RECORDING_OPEN;
		else
			fail(recording);
	}
	recording_finish(recording, reason);
	if (recording->state != RECORDING_CLOSING)
		return;
	if (recorder_client_finished(recording->client) == 0)
		recording->state = RECORDING_ENDED;
	else
		fail(recording);
}

void recording_close(struct recording *recording)
{
	recording_end(recording, "failed");
	for (size_t i = 0; i < RECORDING_STREAMS; i++)
		pump_close(&recording->pumps[i]);
	if (recording->client != NULL)
		recorder_client_close(recording->client);
}
