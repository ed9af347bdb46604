using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>rack init</c>, <c>rack check</c> and <c>rack template</c>: a rack's resources, if it has any.</summary>
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
        var findings = await Setup(call, address).Check(address, call.Time, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, [.. findings.Select(f => new CheckView(f.Action, f.What, f.Wrong))], OutputJson.Indented.IReadOnlyListCheckView);
        else Print(call, findings);
        call.Terminal.Say("Only read access was checked. Write access and the roles of the services are used when a release is promoted; docs/aws.md lists every action.");
        if (findings.Any(f => f.Wrong is not null)) return (int)ProblemKind.Failed;
        var status = await (await call.OpenToRead(cancel)).Status(cancel);
        if (AgentText.Sentence(status.Agents, call.Now) is { } agents) call.Terminal.Say(agents);
        return ExitCode.Success;
    }

    private static void Print(Invocation call, IReadOnlyList<RackFinding> findings)
    {
        var table = new Table("ACTION", "ON", "RESULT");
        foreach (var finding in findings)
            table.Add(finding.Action, finding.What, finding.Wrong is { } wrong ? new Cell(wrong, TextStyle.Bad) : new Cell("ok", TextStyle.Good));
        table.Write(call.Terminal);
    }

    /// <summary>Of the rack that is meant, else of the kind that has one: nothing of it needs to be there yet.</summary>
    private static Task Template(Invocation call, CancellationToken cancel)
    {
        var text = (call.RackAddress.Kind.Setup ?? call.Racks.WithSetup.First().Setup!).Template;
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(text), OutputJson.Indented.TemplateView);
        else call.Terminal.Out.Write(text);
        return Task.CompletedTask;
    }

    private static IRackSetup Setup(Invocation call, RackAddress address) => address.Kind.Setup
        ?? throw new Problem(
            ProblemCode.NotSupported, $"rack {address} needs no setup.",
            $"Pass --rack {string.Join(" or ", call.Racks.WithSetup.SelectMany(k => k.AddressForms))}.", ProblemKind.Usage).ToException();
}
