using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>rack init</c>, <c>rack check</c> and <c>rack template</c>: set up the resources of a rack that needs any.</summary>
internal static class RackSetupCommands
{
    public static IEnumerable<Command> Create(ToolHost host) =>
    [
        new Command("init", "Set up an AWS rack: table and key")
            .Example("dotnet convox rack init --rack aws://eu-west-1/production").SetHandler(host, Init),
        new Command("check", "Check permissions on an AWS rack")
            .Example("dotnet convox rack check --rack aws://eu-west-1/production").SetHandler(host, Check),
        new Command("template", "Print a CloudFormation template for an AWS rack")
            .Example("dotnet convox rack template > rack.yml").SetHandler(host, Template),
    ];

    private static async Task Init(Invocation call, CancellationToken cancel)
    {
        var address = call.RackAddress;
        await Setup(call, address).Init(address, call.Time, call.Terminal.Say, cancel);
        call.Say("The rack is ready.", Remedy.Do(Operation.Deploy, "Deploy to it"));
    }

    private static async Task<int> Check(Invocation call, CancellationToken cancel)
    {
        var address = call.RackAddress;
        var check = await Setup(call, address).Check(address, call.App, await Manifest(call, cancel), call.Time, cancel);
        var findings = check.Findings;
        var isComplete = findings.All(f => f.Wrong is null);
        var (agents, unread) = await Agents(call, isComplete, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out,
            [
                .. findings.Select(f => new CheckView(f.Action, f.What, f.Wrong)),
                .. (agents ?? []).Select(a => new CheckView(CheckView.Agent, AgentText.From(a, call.Now), null)),
            ],
            OutputJson.Indented.IReadOnlyListCheckView);
        else Print(call, findings);
        call.Terminal.Say(check.Scope);
        if ((unread ?? AgentText.Sentence(agents, call.Now)) is { } sentence) call.Terminal.Say(sentence);
        return isComplete ? ExitCode.Success : ExitCode.Failed;
    }

    /// <summary>Returns the folder's manifest, whose services are asked about until the rack has a release of them.</summary>
    private static async Task<Manifest?> Manifest(Invocation call, CancellationToken cancel)
    {
        try
        {
            return (await ManifestFile.Read(call.Settings.Folder, cancel))?.Manifest;
        }
        catch (ProblemException unreadable)
        {
            call.Terminal.Say($"note: {ManifestReader.FileName} can't be used: {call.Remedies.Line(unreadable.Problems[0])}");
            return null;
        }
    }

    /// <summary>
    /// Returns the running agents. If something is missing, that may be what they can't be read with, and what is missing is shown anyway.
    /// </summary>
    private static async Task<(IReadOnlyList<RackAgent>? Agents, string? Unread)> Agents(
        Invocation call, bool isComplete, CancellationToken cancel)
    {
        try
        {
            return ((await (await call.OpenToRead(cancel)).Status(cancel)).Agents, null);
        }
        catch (ProblemException unread) when (!isComplete)
        {
            return (null, $"Whether an agent is running can't be read: {unread.Problems[0].Message}");
        }
    }

    private static void Print(Invocation call, IReadOnlyList<RackFinding> findings)
    {
        var table = new Table("ACTION", "ON", "RESULT");
        // Missing permissions come first, each on its own line.
        foreach (var missing in findings.Where(f => f.Wrong is not null))
            table.Add(missing.Action, missing.What, new Cell(missing.Wrong!, TextStyle.Bad));
        foreach (var allowed in findings.Where(f => f.Wrong is null).GroupBy(f => (Service(f.Action), f.What)))
            table.Add(allowed.Count() == 1 ? allowed.Single().Action : $"{allowed.Key.Item1}: {allowed.Count()} actions", allowed.Key.What,
                new Cell("ok", TextStyle.Good));
        table.Write(call.Terminal);
    }

    private static string Service(string action) => action.Split(':')[0];

    /// <summary>
    /// Prints the template of the rack's kind or, for a rack that needs no setup, of the first kind that has one. The rack needn't exist
    /// yet.
    /// </summary>
    private static Task Template(Invocation call, CancellationToken cancel)
    {
        var text = (call.RackAddress.Kind.Setup ?? call.Racks.WithSetup.First().Setup!).Template;
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(text), OutputJson.Indented.TemplateView);
        else call.Terminal.Out.Write(text);
        return Task.CompletedTask;
    }

    /// <summary>Returns the remedy that names racks with resources of their own.</summary>
    internal static Remedy PassOther(Invocation call) =>
        Remedy.FromString($"Pass --rack {string.Join(" or ", call.Racks.WithSetup.SelectMany(k => k.AddressForms))}.");

    private static IRackSetup Setup(Invocation call, RackAddress address) => address.Kind.Setup
        ?? throw new Problem(
            ProblemCode.NotSupported, $"rack {address} needs no setup.",
            PassOther(call), ProblemKind.Usage).ToException();
}
