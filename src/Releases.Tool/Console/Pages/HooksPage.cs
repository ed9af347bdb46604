using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Shows the hooks of an app and the outcome of their deliveries.</summary>
internal static class HooksPage
{
    private const string Tab = "hooks", MessageName = ActionError.MessageName;

    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var view = new HooksView(await AppStatus.Read(app, request.Store, request.Cancel),
            await Hooks(request).List(app.Name, request.Cancel))
        {
            Message = request.Query(MessageName) is { } name ? request.Session!.Messages.Take(name)?.Note : null,
        };
        return new Page("Hooks", new AspNetCoreGeneratedDocument.Console_Pages_Hooks { Model = view, Request = request })
        { AppStatus = view.AppStatus, Tab = Tab };
    }

    public static async Task<IResult> ConfirmRemove(PageRequest request)
    {
        var app = await request.App();
        var hook = await Hooks(request).Find(app.Name, request.HookId, request.Cancel);
        return new Page("Remove the hook?", new AspNetCoreGeneratedDocument.Console_Pages_RemoveHook { Model = hook, Request = request })
        {
            AppStatus = await AppStatus.Read(app, request.Store, request.Cancel),
            Tab = Tab,
        };
    }

    /// <summary>Delivers a test event immediately.</summary>
    public static async Task<IResult> Test(PageRequest request)
    {
        var app = await request.App();
        var attempt = await Hooks(request).Test(app.Name, request.HookId, CancellationToken.None);
        if (HookText.NotDelivered(request.HookId, attempt) is { } problem) throw problem.ToException();
        return Back(request, HookText.Delivered(attempt));
    }

    /// <summary>Removes a hook.</summary>
    public static async Task<IResult> Remove(PageRequest request)
    {
        var app = await request.App();
        return Back(request, HookText.Removed(await Hooks(request).Remove(app.Name, request.HookId, CancellationToken.None)));
    }

    private static ManageHooks Hooks(PageRequest request) => new(request.Operations());

    private static SeeOther Back(PageRequest request, string note) =>
        new($"/apps/{request.AppName}/{Tab}?{MessageName}={request.Session!.Messages.Put(new([]) { Note = note })}");
}

/// <summary>Represents the hooks of an app.</summary>
/// <param name="AppStatus">The app's status.</param>
/// <param name="Hooks">Its hooks.</param>
internal sealed record HooksView(AppStatus AppStatus, IReadOnlyList<HookStatus> Hooks)
{
    /// <summary>Gets the outcome of a button, or null if none led here.</summary>
    public string? Message { get; init; }
}
