using System.CommandLine;
using Releases.Aws;

namespace Releases.Tool;

/// <summary><c>rack init</c>, <c>rack check</c> and <c>rack template</c>: what an AWS rack stands on.</summary>
internal static class AwsRackCommands
{
    public static IEnumerable<Command> Create(ToolHost host) =>
    [
        new Command("init", "Make the table and the key of an AWS rack").Example("dotnet convox rack init --rack aws://eu-west-1/production").SetHandler(host, (call, cancel) => Init(call, host.InitAws, cancel)),
        new Command("check", "Try what the caller may do on an AWS rack; changes nothing").Example("dotnet convox rack check --rack aws://eu-west-1/production").SetHandler(host, (call, cancel) => Check(call, host.CheckAws, cancel)),
        new Command("template", "Print a CloudFormation template for an AWS rack and one service").Example("dotnet convox rack template > rack.yml").SetHandler(host, Template),
    ];

    private static async Task Init(Invocation call, Func<RackAddress.OnAws, TimeProvider, Action<string>, CancellationToken, Task> init, CancellationToken cancel)
    {
        var address = Address(call);
        await init(address, call.Time, call.Terminal.Say, cancel);
        call.Terminal.Say($"The rack is ready; deploy to it: dotnet convox deploy --rack {address}");
    }

    private static async Task<int> Check(
        Invocation call, Func<RackAddress.OnAws, TimeProvider, CancellationToken, Task<IReadOnlyList<RackFinding>>> check, CancellationToken cancel)
    {
        var findings = await check(Address(call), call.Time, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, [.. findings.Select(f => new CheckView(f.Action, f.What, f.Wrong))], OutputJson.Indented.IReadOnlyListCheckView);
        else Print(call, findings);
        call.Terminal.Say("Only reading was tried: what changes something, and the roles of the services, show when a release is promoted; docs/aws.md lists every action.");
        return findings.Any(f => f.Wrong is not null) ? (int)ProblemKind.Failed : ExitCode.Success;
    }

    private static void Print(Invocation call, IReadOnlyList<RackFinding> findings)
    {
        var table = new Table("ACTION", "ON", "RESULT");
        foreach (var finding in findings) table.Add(finding.Action, finding.What, finding.Wrong is { } wrong ? new Cell(wrong, TextStyle.Bad) : new Cell("ok", TextStyle.Good));
        table.Write(call.Terminal);
    }

    private static async Task Template(Invocation call, CancellationToken cancel)
    {
        using var resource = typeof(AwsRackCommands).Assembly.GetManifestResourceStream("rack.template.yml")!;
        using var reader = new StreamReader(resource);
        var text = await reader.ReadToEndAsync(cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(text), OutputJson.Indented.TemplateView);
        else call.Terminal.Out.Write(text);
    }

    private static RackAddress.OnAws Address(Invocation call) => call.RackAddress as RackAddress.OnAws
        ?? throw new Problem(
            ProblemCode.NotSupported, $"The rack {call.RackAddress} is not on AWS, and this is about those that are.", "Name one with: --rack aws://<region>/<cluster>", ProblemKind.Usage).ToException();
}
