/*
 * Recordings as they are read: asciicast v2 (docs.asciinema.org/manual/asciicast/v2), with "e" for
 * the standard error of pipes and "m" for what the recorder itself says.
 */
#ifndef ROLEGATE_LOG_RECORDING_H
#define ROLEGATE_LOG_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "log/log.h"

struct recording_event {
	uint64_t microseconds; /* since the beginning */
	char code;	       /* 'o', 'e', 'i', 'r', 'm', or another one, to be passed over */
	const char *text;      /* UTF-8, in the arena; a NUL byte may be in it */
	size_t length;
};

/* Whether a line is the header of one that can be read. */
bool recording_is_header(const char *line, size_t length);
/* 0; -1: it is no event. */
int recording_read(
	struct arena *arena, const char *line, size_t length, struct recording_event *event);

enum { RECORDING_ID_LEAST = 4, RECORDING_ID = 32 };

/* What the log knows of the recording of one request. */
struct recording {
	const char *request;	     /* all 32 digits */
	const char *file;	     /* transcripts/UID/REQUEST.cast */
	const char *endpoint, *user; /* of the request; NULL: the log doesn't say */
	const char *line;	     /* what ran; NULL, here and below: the log doesn't say */
	const char *host;	     /* that wrote it */
	int64_t began, over;	     /* ms since 1970: of the run; 0 */
	const char *status, *signal, *ended_by; /* of a run that is over */
	bool ended;		     /* nothing will be added to it */
	int fd;
};

/* Hexadecimal digits alone, as many as an id has, or the first ones of them (R31). */
bool recording_is_id(const char *text);
/*
 * The recording of the request whose id begins so: by what the log says, else by a look into its
 * transcripts/. 0, and fd is the caller's; -1 with *complaint.
 */
int recording_find(struct arena *arena, struct log *log, const char *id,
	struct recording *recording, const char **complaint);
/* Whether it has ended by now; and what the log says of the run by now. */
bool recording_has_ended(struct log *log, struct recording *recording);

#endif
