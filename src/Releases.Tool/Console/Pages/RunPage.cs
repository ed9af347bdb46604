using System.CommandLine.Parsing;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Runs a one-off command with the code and environment of a service, and lists the commands that the console keeps.</summary>
internal static class RunPage
{
    private const string MessageName = ActionError.MessageName;

    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var message = request.Query(MessageName) is { } name ? request.Session!.Messages.Take(name) : null;
        Release? release;
        try
        {
            release = await Chosen(request, app, request.Query("release"));
        }
        catch (ProblemException unknown)
        {
            // Keep the form, so that another release can be entered.
            release = await Chosen(request, app, null);
            message ??= new(unknown.Problems);
        }

        var view = new RunView(app, release, request.Query("service"), message, request.Console.Runs.Of(app.Name));
        return new Page("Run a command", new AspNetCoreGeneratedDocument.Console_Pages_Run { Model = view, Request = request })
        {
            AppStatus = await AppStatus.Read(app, request.Store, request.Cancel),
            Tab = "services",
            Status = message?.Problems is [var first, ..] ? Failures.StatusOf(first) : StatusCodes.Status200OK,
        };
    }

    /// <summary>Starts the command. A failure is shown in the form, with what was typed.</summary>
    public static async Task<IResult> Start(PageRequest request)
    {
        var name = request.AppName;
        var (service, named) = (request.Field("service") ?? "", request.Field("release")?.Trim());
        var (text, isShell) = (request.Field("command")?.Trim() ?? "", request.Field("shell") is not null);
        try
        {
            var app = await request.App();
            if (text.Length == 0)
                throw new Problem(ProblemCode.Usage, "there is no command to run.", "Type one.", ProblemKind.Usage).ToException();
            if (!isShell && text.Count(c => c == '"') % 2 != 0)
                throw new Problem(ProblemCode.Usage, "a double quote isn't closed. Nothing was run.",
                    "Close it, or run the command in a shell.", ProblemKind.Usage).ToException();
            var release = await Chosen(request, app, named) ?? throw new Problem(
                ProblemCode.Nothing, $"{app.Name} has no active release to run a command in.",
                await PromotionOffer.OfLatest(request.Store, app, "Promote one", request.Cancel)).ToException();
            IReadOnlyList<string> words = isShell ? [text] : [.. CommandLineParser.SplitCommandLine(text)];
            var run = await request.Console.Runs.Start(
                app, release, ServiceName.Parse(service), ProcessCommand.FromWords(words), request.Field("once"));
            return new SeeOther($"/apps/{app.Name}/runs/{run.Id}");
        }
        catch (ProblemException refused)
        {
            var message = request.Session!.Messages.Put(new(refused.Problems) { Value = text });
            var release = named is { Length: > 0 } ? $"&release={Uri.EscapeDataString(named)}" : "";
            var shell = isShell ? "&shell=1" : "";
            return new SeeOther($"/apps/{name}/run?service={Uri.EscapeDataString(service)}{release}{shell}&{MessageName}={message}");
        }
    }

    /// <summary>Returns the named release, or else the active one, or null if there is neither.</summary>
    private static async Task<Release?> Chosen(PageRequest request, App app, string? named)
    {
        ReleaseReference? reference = named is { Length: > 0 } ? ReleaseReference.Parse(named) : app.Active is { } active ? active : null;
        return reference is null ? null : await request.Store.RequireRelease(app.Name, reference.Value, request.Cancel);
    }
}

/// <summary>Represents the form for a command, and the commands that were run.</summary>
/// <param name="App">The app.</param>
/// <param name="Release">The release to run the command with, or null if none is active.</param>
/// <param name="Service">The chosen service, or null for the first one.</param>
/// <param name="Message">Why a command wasn't run, with what was typed.</param>
/// <param name="Runs">The commands, newest first.</param>
internal sealed record RunView(App App, Release? Release, string? Service, FlashMessage? Message, IReadOnlyList<OneOffRun> Runs);
