/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <getopt.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "model/select.h"
#include "probe/probe.h"
#include "render/list.h"

enum view { VIEW_TABLE, VIEW_TREE, VIEW_GROUPS };

struct request {
	struct via_list_filter filter;
	enum view view;
	const char *columns;
	enum via_depth depth;
};

static int take_class(struct via_session *session, struct request *request, const char *text)
{
	uint64_t code;

	request->filter.has_class = true;
	if (select_class(text, &request->filter.class_code, &request->filter.class_mask) == 0)
		return -1;
	if (parse_u64(text, 16, &code) < 0 || strlen(text) > 6 || strlen(text) % 2)
		return session_usage(session, "list", "no such class: %s", text);
	request->filter.class_code = (uint32_t)(code << (24 - 4 * strlen(text)));
	request->filter.class_mask = 0xffffff & ~(0xffffffu >> (4 * strlen(text)));
	return -1;
}

static int take_columns(struct via_session *session, struct request *request, const char *text)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	request->columns = text;
	return text_list_check(text) == 0
		       ? -1
		       : session_usage(session, "list", "columns are %s", text_list_columns(arena));
}

/* Returns an exit status, or -1 to go on. */
static int take_option(struct via_session *session, struct request *request, int option)
{
	switch (option) {
	case 't':
		request->view = VIEW_TREE;
		return -1;
	case 'g':
		request->view = VIEW_GROUPS;
		if (request->depth < VIA_DEPTH_CONFIG)
			request->depth = VIA_DEPTH_CONFIG; /* what the reasons are made of */
		return -1;
	case 'o':
		return take_columns(session, request, optarg);
	case 'c':
		return take_class(session, request, optarg);
	case 'G':
		request->filter.has_group = true;
		if (parse_u64(optarg, 10, &request->filter.group) == 0)
			return -1;
		return session_usage(session, "list", "no group number: %s", optarg);
	case 'd':
		request->filter.driver = optarg;
		return -1;
	case 'a':
		request->filter.assignable = true;
		return -1;
	case 'w':
		request->depth = VIA_DEPTH_WAKE;
		return -1;
	default:
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	}
}

static int parse(struct via_session *session, struct request *request, int argc, char **argv)
{
	static const struct option options[] = {
		{ "tree", no_argument, NULL, 't' },
		{ "groups", no_argument, NULL, 'g' },
		{ "output", required_argument, NULL, 'o' },
		{ "class", required_argument, NULL, 'c' },
		{ "group", required_argument, NULL, 'G' },
		{ "driver", required_argument, NULL, 'd' },
		{ "assignable", no_argument, NULL, 'a' },
		{ "wake", no_argument, NULL, 'w' },
		{ 0 },
	};
	int option, status;

	while ((option = command_options(session, &command_list, argc, argv, "o:", options)) !=
	       -1) {
		status = take_option(session, request, option);
		if (status >= 0)
			return status;
	}
	if (optind < argc)
		return session_usage(session, "list", "unexpected: %s", argv[optind]);
	return -1;
}

/* How what could not be kept of a look is read again. */
struct completing {
	const struct via_session *session;
	const struct via_host *host;
	int at;
};

static void complete(void *context, struct via_arena *arena, struct via_pci_device *device)
{
	const struct completing *completing = context;

	if (!device->surveyed)
		return;
	probe_pci_rest(&completing->session->world->root, completing->host, arena, completing->at,
		       device);
}

/* The whole of thousands of functions is never in memory at once. */
static int print_lean(struct via_session *session, const struct request *request)
{
	const struct via_root *root = &session->world->root;
	_cleanup_(cleanup_pci_names) struct via_pci_names *names = pci_names_new();
	_cleanup_host_ struct via_host *host = session_look_to_list(session, request->depth);
	_cleanup_close_ int at = probe_pci_open(root);
	struct completing completing = { .session = session, .host = host, .at = at };
	bool untold = print_json_list(stdout, host, names, &request->filter,
				      &(struct via_list_detail){
					      .fill = complete,
					      .untold = device_untold,
					      .context = &completing,
					      .in_threads = !root->recorder,
				      });

	return untold ? session_say_untold("list", host) : session_untold("list", host);
}

static void print(struct via_session *session, const struct request *request,
		  const struct via_host *host, struct via_pci_names *names)
{
	if (request->view == VIEW_TREE)
		text_tree(&session->paper, host, names, &request->filter);
	else if (request->view == VIEW_GROUPS)
		text_groups(&session->paper, host, names, &request->filter);
	else
		text_list(&session->paper, host, names, &request->filter, request->columns);
}

static int run(struct via_session *session, int argc, char **argv)
{
	_cleanup_(cleanup_pci_names) struct via_pci_names *names = NULL;
	_cleanup_host_ struct via_host *host = NULL;
	struct request request = { .depth = session->json ? VIA_DEPTH_CONFIG
							  : VIA_DEPTH_ATTRIBUTES };
	int status = parse(session, &request, argc, argv);

	if (status >= 0)
		return status;
	if (session->json)
		return print_lean(session, &request);
	host = session_look(session, request.depth);
	names = pci_names_new();
	print(session, &request, host, names);
	return session_untold("list", host);
}

const struct via_command command_list = {
	.name = "list",
	.usage = "[--tree | --groups] [-o COL,...] [FILTER...]",
	.summary = "List PCI devices with driver, group and use",
	.help = "  --tree           by topology\n"
		"  --groups         by IOMMU group, with the reason of each; without an IOMMU, by\n"
		"                   the groups that would form\n"
		"  -o COL,...       columns: address,ids,group,driver,vfs,use,reset,numa,slot,\n"
		"                   class,name\n"
		"  --class CLASS    gpu, nic, nvme, usb, audio, or hex digits (0300)\n"
		"  --group N        only that group\n"
		"  --driver NAME    only what that driver holds; \"none\" for no driver\n"
		"  --assignable     only what a guest could take now\n"
		"  --wake           read the configuration of sleeping devices too, which wakes\n"
		"                   them\n",
	.run = run,
};
