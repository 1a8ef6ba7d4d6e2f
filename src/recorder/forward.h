/*
 * Lines of the log to where a site collects them: the journal, by its own datagrams
 * (systemd.io/JOURNAL_NATIVE_PROTOCOL), or a syslog socket (RFC 5424). Neither is waited for: what
 * is not taken is counted, and the log says so when it is taken again, or it goes on for long.
 */
#ifndef ROLEGATE_RECORDER_FORWARD_H
#define ROLEGATE_RECORDER_FORWARD_H

#include "recorder/ledger.h"
#include "recorder/settings.h"

struct forward {
	const struct settings *settings;
	int socket;
	bool up;	    /* the last line was taken */
	uint64_t dropped;   /* lines, since that was said */
	uint64_t news;	    /* of them: those that are not about what was dropped */
	long long tried_at; /* to connect, by event_ticks() */
	long long told_at;
};

void forward_open(struct forward *forward, const struct settings *settings);
/* A ledger's `written`. */
void forward_line(void *context, const char *line, size_t length);
/* Says what was dropped: once lines are taken again, and as often as the head is told meanwhile. */
void forward_tick(struct forward *forward, struct ledger *ledger, struct arena *arena);
/* Before the recorder ends, what was not said yet. */
void forward_stop(struct forward *forward, struct ledger *ledger, struct arena *arena);
/* A line of its own, to the journal or else to syslog, whatever is forwarded. */
void forward_anchor(const struct settings *settings, const char *text);

#endif
