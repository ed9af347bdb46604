using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>env edit</c>: opens the variables in an editor and makes a release of the changes.</summary>
internal static class EnvEditCommand
{
    private const string Source = "the edited file";

    public static Command Create(ToolHost host)
    {
        var options = new EnvironmentCommandOptions();
        var command = new Command("edit", "Edit variables in your editor; makes a release");
        options.AddTo(command);
        return command
            .Example("dotnet convox env edit")
            .Example("dotnet convox env edit --promote", "and promote the new release")
            .SetHandler(host, (call, cancel) => Edit(call, options, cancel));
    }

    private static async Task Edit(Invocation call, EnvironmentCommandOptions options, CancellationToken cancel)
    {
        // The usual editor would draw its screen into a pipe, values included; that of Windows has a window of its own.
        if (!OperatingSystem.IsWindows() && Editor.Chosen(call.Variable) is null
            && call.Terminal is not { InIsTerminal: true, OutIsTerminal: true })
            throw new Problem(
                ProblemCode.Editor, "there is no terminal to edit on.",
                Remedy.Do(Operation.SetEnvironment, "Set EDITOR, or change a variable", "NAME=value"), ProblemKind.Usage,
                Unchanged: Problem.NothingChanged).ToException();
        var (from, promote) = (options.From(call), options.Promote(call));
        var rack = promote is null ? await call.OpenToLook(cancel) : await call.OpenRack(cancel);
        var app = promote is null ? await rack.Store.RequireApp(call.App, cancel) : await call.RequireOwnApp(rack, cancel);
        var operations = call.Operations(rack);
        await new ChangeEnvironment(operations).Check(app, from, promote, cancel);
        var shown = await new RevealEnvironment(operations).RevealAll(app, from, cancel);
        var edited = await Edited(call, shown, cancel);
        await ApplyEnvironmentChange.Run(call, () => EnvironmentEdit.From(shown, edited), options, isStated: false, cancel);
    }

    private static async Task<EnvironmentSet> Edited(Invocation call, EnvironmentSet shown, CancellationToken cancel)
    {
        using var folder = HeldFolder.Make(HeldFolder.Memory(call.Variable), HeldFolder.Edit);
        var file = Path.Combine(folder.Path, $"{call.App}.env");
        await File.WriteAllTextAsync(
            file, $"# Variables of {call.App}, as KEY=value. Quote values with several lines. Close without a change to keep them.\n"
            + string.Concat(shown.Select(v => EnvironmentText.Line(v.Key, v.Value) + "\n")), cancel);
        while (true)
        {
            await call.Edit(file, cancel);
            try
            {
                using var text = new StringReader(Text(file, shown));
                return EnvironmentSet.Of(EnvironmentText.Read(text, Source, note => call.Terminal.Say($"warning: {note}")));
            }
            catch (ProblemException wrong) when (call.Terminal.InIsTerminal)
            {
                call.Terminal.Error.Write($"{SafeText.Line(wrong.Message)} Press Enter to edit it again, or Ctrl-C to give up. ");
                if (await call.Terminal.Answer(cancel) is null) throw;
            }
        }
    }

    /// <summary>
    /// Returns the edited text. An empty file ends the edit, as in git: an editor that failed leaves one, and whoever wants to remove every
    /// variable keeps the comment.
    /// </summary>
    private static string Text(string file, EnvironmentSet shown)
    {
        try
        {
            var text = EnvironmentText.ReadFile(file, Source);
            return shown.Count == 0 || !string.IsNullOrWhiteSpace(text) ? text : throw new Problem(
                ProblemCode.Editor, $"{Source} is empty; nothing changed.",
                "To remove all variables, delete their lines but keep the comment: dotnet convox env edit").ToException();
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException)
        {
            throw new Problem(
                ProblemCode.Editor, $"{Source} can't be read: {FailureReason.OfFile(lost, file)}; nothing changed.",
                "Edit again, in an editor that saves to the file it was given: dotnet convox env edit").ToException(lost);
        }
    }
}
