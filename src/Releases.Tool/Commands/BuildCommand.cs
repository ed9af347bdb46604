using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>build</c>: publishes every service of the app and makes one release of them.</summary>
internal static class BuildCommand
{
    public static Command Create(ToolHost host)
    {
        var options = new BuildOptions();
        var command = new Command("build", "Build every service and make a release");
        options.AddTo(command);
        return command
            .Example("dotnet convox build", "promote it whenever you like")
            .Example("dotnet convox build -d \"the new checkout\" -- -p:Version=1.2.3")
            .SetHandler(host, (call, cancel) => Build(call, options.Of(call), options.IdOnly(call), cancel));
    }

    private static async Task Build(Invocation call, BuildAppOptions options, bool idOnly, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var made = await BuildOptions.Make(call, rack, options, cancel);
        PrintRelease.Print(call, made.Release, idOnly);
        call.Say("", PromotionOffer.Of(made.Release, "Promote it"));
    }
}

/// <summary>Represents the options of the commands that build.</summary>
internal sealed class BuildOptions
{
    private readonly Option<string?> _description = new("--description", "-d")
    { HelpName = "text", Description = "Description of the release (default: from git)" };
    private readonly Option<string?> _from = new("--from")
    { HelpName = "active|release", Description = "Release to base it on (default: latest)" };
    private readonly Option<string?> _breaksBefore = new("--breaks-before")
    { HelpName = "release", Description = "Oldest release that a rollback may go back to" };
    private readonly Option<bool> _id = new("--id") { Description = "Print only the id of the new release" };
    private readonly Argument<string[]> _msbuild = new("msbuild")
    { Arity = ArgumentArity.ZeroOrMore, Description = "After --, options for dotnet publish and MSBuild, such as -p:Version=1.2.3" };

    public void AddTo(Command command)
    {
        command.Add(_msbuild);
        command.Add(_description);
        command.Add(_from);
        command.Add(_breaksBefore);
        command.Add(_id);
    }

    public bool IdOnly(Invocation call) => call.Value(_id);

    public BuildAppOptions Of(
        Invocation call) => new(call.Value(_description), call.Value(_from), PublishArguments.Read(call.Value(_msbuild) ?? []))
        {
            BreaksBefore = call.Value(_breaksBefore) is { } release ? ReleaseReference.Parse(release) : null,
        };

    /// <summary>Makes the release, and prints its note.</summary>
    public static async Task<CreatedRelease> Make(Invocation call, Rack rack, BuildAppOptions options, CancellationToken cancel)
    {
        var created = await new BuildApp(call, rack, options).Run(cancel);
        if (created.Note is { } note) call.Terminal.Say(note);
        return created;
    }
}
