/*
 * PAM service "rolegate". Two transactions a request: one for the caller (authentication if asked
 * for, account), one for the run-as account (credentials, session).
 */
#ifndef ROLEGATE_PAM_H
#define ROLEGATE_PAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * Asks the person. `style` is enum prompt_style. For the two prompt styles *reply is malloc'd and
 * becomes PAM's (which wipes and frees it); for info and error it is not set. 0, or -1: can't ask.
 */
struct pam_talk {
	int (*ask)(void *context, int style, const char *text, char **reply);
	void *context;
};

/*
 * Loads the modules of the service into this process and keeps one handle open, so that every
 * later start in it or its children is cheap. 0 or a PAM error. Call again after a reload.
 */
int pam_preload(void);

/* The caller. `tty` may be NULL. 0, or -1 with *complaint and *authentication_failed. */
int pam_check_caller(struct arena *arena, const char *user, const char *tty, bool authenticate,
	const struct pam_talk *talk, bool *authentication_failed, const char **complaint);

/* The run-as account: setcred and open_session, in this process. NULL with *complaint. */
struct pam_session;
struct pam_session *pam_session_open(struct arena *arena, const char *account, const char *caller,
	const char *tty, const struct pam_talk *talk, const char **complaint);
/* close_session, delete credentials, end. Frees it. */
void pam_session_close(struct pam_session *session);

#endif
