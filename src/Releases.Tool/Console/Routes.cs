using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Releases.Tool;

/// <summary>Maps the addresses of the console: GET for pages, POST for buttons.</summary>
internal static class Routes
{
    public static void Map(WebApplication server, ConsoleContext console, CancellationToken stopping)
    {
        void Get(string path, Func<PageRequest, Task<IResult>> page) => server.MapGet(path, Answer(page));
        void Post(string path, Func<PageRequest, Task<IResult>> button) =>
            server.MapPost(path, http => console.ActiveRequests.Run(() => Answer(button)(http)));
        RequestDelegate Answer(
            Func<PageRequest, Task<IResult>> answer) => async http => await (await answer(new(http, console))).ExecuteAsync(http);

        Get("/", AppsPage.Show);
        Post(Shortcuts.Path, Shortcuts.Switch);
        Get("/apps/{app}", request => Task.FromResult<IResult>(new SeeOther($"/apps/{request.AppName}/releases")));
        Get("/apps/{app}/releases", ReleasesPage.Show);
        Get("/apps/{app}/releases/{release}", ReleasePage.Show);
        Post("/apps/{app}/releases/{release}/promote", Buttons.Promote);
        Post("/apps/{app}/releases/{release}/rollback", Buttons.RollBack);
        Get("/apps/{app}/releases/{release}/verify", VerifyPage.Show);
        Get("/apps/{app}/releases/{release}/evidence/{service}/{document}", ReleaseEvidence.Download);
        Get("/apps/{app}/releases/{release}/promote", ConfirmPage.Promote);
        Get("/apps/{app}/releases/{release}/rollback", ConfirmPage.RollBack);
        Get("/apps/{app}/rollback", ConfirmPage.RollBackToPrevious);
        Get("/apps/{app}/restart", ConfirmPage.Restart);
        Get("/apps/{app}/compare", ComparePage.Show);
        Post("/apps/{app}/releases/{release}/pin", Buttons.Pin);
        Post("/apps/{app}/releases/{release}/unpin", Buttons.Unpin);
        Post("/apps/{app}/lock", Buttons.Lock);
        Post("/apps/{app}/unlock", Buttons.Unlock);
        Post("/apps/{app}/approve", Buttons.Approve);
        Post("/apps/{app}/cancel", Buttons.Cancel);
        Post("/apps/{app}/take-over", Buttons.TakeOver);
        Get("/apps/{app}/environment", EnvironmentPage.Show);
        Post("/apps/{app}/environment", EnvironmentPage.Change);
        Get("/apps/{app}/promotions", PromotionsPage.Show);
        Get("/apps/{app}/promotions/{promotion}", PromotionPage.Show);
        Get("/apps/{app}/builds", BuildsPage.Show);
        Get("/apps/{app}/builds/{build}", BuildPage.Show);
        Get("/apps/{app}/events", EventsPage.Show);
        Get("/apps/{app}/hooks", HooksPage.Show);
        Get("/apps/{app}/hooks/{hook}/remove", HooksPage.ConfirmRemove);
        Post("/apps/{app}/hooks/{hook}/test", HooksPage.Test);
        Post("/apps/{app}/hooks/{hook}/remove", HooksPage.Remove);
        Get("/apps/{app}/services", ServicesPage.Show);
        Post("/apps/{app}/services/{service}/scale", Buttons.Scale);
        Get("/apps/{app}/run", RunPage.Show);
        Post("/apps/{app}/run", RunPage.Start);
        Get("/apps/{app}/runs/{run}", RunOutputPage.Show);
        Get("/apps/{app}/runs/{run}/output", RunOutputPage.Download);
        Post("/apps/{app}/runs/{run}/stop", RunOutputPage.Stop);
        Get("/apps/{app}/processes", request => Task.FromResult<IResult>(new SeeOther($"/apps/{request.AppName}/services")));
        Get("/apps/{app}/logs", LogsPage.Show);
        Get("/apps/{app}/logs/download", LogsPage.Download);
        Get("/apps/{app}/live", request => console.Streams.Answer(request, stopping));
    }
}
