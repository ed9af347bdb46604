using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases diff</c>: what differs between two releases.</summary>
internal static class ReleaseDiffCommand
{
    public static Command Create(ToolHost host)
    {
        var one = CommonOptions.ReleaseArgument();
        var two = new Argument<string?>("other") { Arity = ArgumentArity.ZeroOrOne, Description = "Release to compare with (default: active)" };
        return new Command("diff", "Compare artifacts, environment keys and convox.yml") { one, two }
            .Example("dotnet convox releases diff v12", "what promoting it would change")
            .Example("dotnet convox releases diff v11 v12", "what changed between the two")
            .SetHandler(host, (call, cancel) => Show(call, call.Value(one)!, call.Value(two), cancel));
    }

    private static async Task Show(Invocation call, string one, string? two, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var first = await rack.Store.RequireRelease(app.Name, ReleaseReference.Parse(one), cancel);
        ReleaseReference other = two is not null ? ReleaseReference.Parse(two)
            : app.Active ?? throw new Problem(ProblemCode.Nothing, $"{app.Name} has no active release to compare with.", Remedy.Do(Operation.CompareReleases, "Name two", "v1", "v2")).ToException();
        var second = await rack.Store.RequireRelease(app.Name, other, cancel);
        // With one release named, the change is what promoting it would bring.
        var (from, to) = two is null ? (second, first) : (first, second);
        var comparison = await Comparison.Of(rack, from, to, cancel);

        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, ComparisonView.Of(comparison), OutputJson.Indented.ComparisonView);
            return;
        }

        call.Terminal.Say($"From {ReleaseLabel.Of(from)} to {ReleaseLabel.Of(to)}:");
        comparison.Write(call.Terminal);
    }
}
