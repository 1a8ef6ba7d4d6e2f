/* What replay and watch share: a recording, shown to somebody whose looking is recorded. */
#ifndef ROLEGATE_ADMIN_REPLAY_H
#define ROLEGATE_ADMIN_REPLAY_H

#include "admin/admin.h"
#include "log/recording.h"
#include "record/record.h"

struct replay {
	struct arena *arena;
	const char *log, *id, *speed_text, *idle_text;
	bool raw, force, text, follow, json;
	bool paced;	  /* with the pauses that there were */
	double speed;	  /* times as fast */
	double idle_most; /* seconds of a pause at most; 0: as long as it was */
};

/* How text goes to the terminal. */
struct replay_show {
	bool raw;
	bool return_held; /* a CR that may be the first half of a line end */
	bool at_start;	  /* of a line */
	const char *mark; /* the recorder's own word, which it also wrote into the output */
	bool printed;	  /* the program said something */
};

/* A line of the recording as it stands, ASCII alone. */
void replay_show_line(const char *line, size_t length);

void replay_show_event(struct replay_show *show, const struct recording_event *event);
/* What was held back; the terminal as it was. */
void replay_show_end(struct replay_show *show);

/* Shows it, with keys where there is a terminal. 0; -1 after a message. */
int replay_play(const struct replay *replay, struct log *log, struct recording *recording);

/* On stderr, so that what is followed is not mistaken for one that hangs: whose it is. */
void replay_say_start(const struct recording *recording);
/* How it ended, of what was followed; or that nothing was printed. */
void replay_say_end(const struct recording *recording, bool followed, bool printed);

/*
 * That somebody looks at a recording: RECORD_REPLAY or RECORD_WATCH. 0; -1 with *complaint: then
 * nothing may be shown of what this host recorded.
 */
int review_record(struct arena *arena, const struct options *options, enum record_kind kind,
	const struct recording *recording, const char **complaint);
/* Whether the log at `path` is a copy of another host's, by its place and by what it says. */
bool review_is_elsewhere(
	struct arena *arena, const char *path, const struct recording *recording);

/* The whole of both verbs. */
int replay_run(const struct options *options, struct replay *replay, enum record_kind kind);

#endif
