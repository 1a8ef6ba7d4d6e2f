/* One dialog while it lasts: what inputs.c and its neighbours share. */
#ifndef ROLEGATE_CLIENT_ASKING_H
#define ROLEGATE_CLIENT_ASKING_H

#include "client/client.h"
#include "client/form.h"

struct asking {
	int socket, tty;
	const struct client_options *options;
	struct arena *arena;
	struct form *form;
	bool *lost; /* never NULL */
	int status; /* once the person has left */
};

/* inputs_show.c: what the person sees. */
const char *asking_safe(struct asking *asking, const char *text);
void asking_say(struct asking *asking, const char *text);
void asking_introduce(struct asking *asking, const struct form_input *input);
void asking_list_values(struct asking *asking, const struct form_input *input);
/* What stands before the cursor. */
const char *asking_label(struct asking *asking, const struct form_input *input);
void asking_show_line(struct asking *asking);

/* inputs_value.c: what may be a value. */
/* 0; or -1, and asking->status: there is no going on. */
int asking_get_choices(struct asking *asking, struct form_input *input);
/* Those that can be listed, for Tab. */
struct strings asking_values(struct asking *asking, const struct form_input *input);
/* False: what was typed is no value, and it has been said. */
bool asking_take(struct asking *asking, struct form_input *input, const char *typed);

#endif
