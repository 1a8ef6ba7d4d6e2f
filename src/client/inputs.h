/* Asking the person at the terminal for what a function's call lacks. */
#ifndef ROLEGATE_CLIENT_INPUTS_H
#define ROLEGATE_CLIENT_INPUTS_H

#include "base/strings.h"
#include "client/client.h"

/*
 * Where `words` call a function without inputs that it requires: asks for all that it shows, one by
 * one, and adds the answers. 0: `words` are to be run; else the exit status, with nothing to run,
 * since the person left. Without a terminal, or for anything else, it asks nothing.
 */
int client_ask_inputs(int socket, const struct client_options *options, struct arena *arena,
	struct strings *words);

#endif
