using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>hooks</c>: lists and manages the hooks that deliver an app's events.</summary>
internal static class HooksCommand
{
    private const string IdName = "hook";

    public static Command Create(ToolHost host) => new Command("hooks", "List and manage hooks, which send events elsewhere")
    {
        HookAddCommand.Create(host),
        new Command("info", "Show a hook and its last deliveries") { Id() }
            .Example("dotnet convox hooks info HKXWQYBTRMA")
            .SetHandler(host, Show),
        new Command("test", "Deliver a test now") { Id() }.Example("dotnet convox hooks test HKXWQYBTRMA").SetHandler(host, Test),
        new Command("remove", "Remove a hook") { Id() }.Example("dotnet convox hooks remove HKXWQYBTRMA").SetHandler(host, Remove),
    }
        .Example("dotnet convox hooks")
        .Example("dotnet convox hooks --json", "with the last ten deliveries of each")
        .SetHandler(host, List);

    private static Argument<string> Id() => new(IdName) { Description = "Id (HKXWQYBTRMA)" };

    private static HookId IdOf(Invocation call) => HookId.Parse(call.Text(IdName));

    private static async Task List(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var hooks = await new ManageHooks(call.Operations(rack)).List(app.Name, cancel);

        if (call.Json) OutputJson.Write(call.Terminal.Out, [.. hooks.Select(h => HookView.Of(h))],
            OutputJson.Indented.IReadOnlyListHookView);
        else if (hooks.Count == 0) call.Say($"{app.Name} has no hooks.",
            Remedy.Do(Operation.AddHook, "Add one", "https://example.org/hooks"));
        else Print(call, hooks);
    }

    private static void Print(Invocation call, IReadOnlyList<HookStatus> hooks)
    {
        var table = new Table("ID", "TARGET", "EVENTS", "STATUS", "LAST DELIVERY");
        foreach (var hook in hooks)
            table.Add(
                hook.Hook.Id.ToString(), hook.Hook.Target, string.Join(", ", hook.Hook.Events), HookText.StateOf(hook).ToCell(),
                hook.Last is { } last ? HookText.Of(last, call.Now) : "");
        table.Write(call.Terminal, WhereTooWide.Cut);
    }

    private static async Task Show(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var found = await new ManageHooks(call.Operations(rack)).Find(app.Name, IdOf(call), cancel);
        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, HookView.Of(found), OutputJson.Indented.HookView);
            return;
        }

        HookText.Facts(found, call.Now).Write(call.Terminal);
        if (found.Progress.DisabledAt is not null)
            call.Say(
                "The receiver answered 410 Gone, so the hook is disabled.",
                Remedy.Do(Operation.AddHook, "Once it is back, add it again", "<target>"));
        if (found.Progress.Deliveries.Count == 0) return;
        call.Terminal.Out.WriteLine();
        var table = new Table("WHEN", "EVENT", "OUTCOME", "ATTEMPT", "TOOK", "ANSWER");
        foreach (var one in found.Progress.Deliveries)
            table.Add(
                RelativeTime.Of(one.At, call.Now), one.Kind, HookText.CellOf(one.Outcome), $"{one.Attempt}", $"{one.Milliseconds} ms",
                one.Detail ?? $"{one.Status}");
        table.Write(call.Terminal, WhereTooWide.Cut);
    }

    private static async Task Test(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var attempt = await new ManageHooks(call.Operations(rack)).Test(app.Name, IdOf(call), cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, HookDeliveryView.Of(attempt), OutputJson.Indented.HookDeliveryView);
        if (HookText.NotDelivered(IdOf(call), attempt) is { } problem) throw problem.ToException();
        call.Terminal.Say(HookText.Delivered(attempt));
    }

    private static async Task Remove(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var hook = await new ManageHooks(call.Operations(rack)).Remove(app.Name, IdOf(call), cancel);
        call.Terminal.Say(HookText.Removed(hook));
    }
}
