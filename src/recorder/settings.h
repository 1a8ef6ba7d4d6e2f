/* recorder.conf: strict, as all files of a configuration are (R5, R28). */
#ifndef ROLEGATE_RECORDER_SETTINGS_H
#define ROLEGATE_RECORDER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"

enum forward_means { FORWARD_NONE = 0, FORWARD_JOURNAL, FORWARD_SYSLOG };

struct settings {
	const char *account, *directory;
	uint64_t rotate_size, rotate_age; /* bytes, seconds; so are those below */
	uint64_t keep_size, keep_age;
	uint64_t transcript_size; /* bytes of streams in one */
	uint64_t transcript_keep_size, transcript_keep_age;
	const char *signing_key; /* path of a PEM file; NULL: nothing is signed */
	unsigned sign_events;
	uint64_t sign_interval, anchor_interval; /* seconds */
	bool sync_always;
	enum forward_means forward;
	const char *syslog;  /* a datagram socket */
	bool audit;	     /* the head goes to the kernel's audit: no key either */
	const char *journal; /* the journal's: no key of the file's, for tests */
	unsigned slice;	     /* transcripts that are looked at in a turn: no key either */
};

/*
 * DIRECTORY/recorder.conf, in `arena`; where there is none, what it says when it says nothing. 0,
 * or -1 with problems. With CONFIG_TRUST_WARNS a file that R28 refuses is read all the same, which
 * is told of.
 */
int settings_load(struct arena *arena, const char *directory, unsigned flags,
	struct settings *settings, struct problems *problems);
/* The same of bytes in memory. */
int settings_parse(struct arena *arena, const char *bytes, size_t length, struct settings *settings,
	struct problems *problems);

#endif
