using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Releases.Tool;

/// <summary>What the addresses of the console lead to: pages are read with GET, buttons are pressed with POST.</summary>
internal static class Routes
{
    public static void Map(WebApplication server, Site site, CancellationToken stopping)
    {
        void Get(string path, Func<Visit, Task<IResult>> page) => server.MapGet(path, Answer(page));
        void Post(string path, Func<Visit, Task<IResult>> button) => server.MapPost(path, http => site.Presses.Run(() => Answer(button)(http)));
        RequestDelegate Answer(Func<Visit, Task<IResult>> answer) => async http => await (await answer(new(http, site))).ExecuteAsync(http);

        Get("/", AppsPage.Show);
        Get("/apps/{app}", visit => Task.FromResult<IResult>(new SeeOther($"/apps/{visit.AppName}/releases")));
        Get("/apps/{app}/releases", ReleasesPage.Show);
        Get("/apps/{app}/releases/{release}", ReleasePage.Show);
        Post("/apps/{app}/releases/{release}/promote", PromoteButton.Press);
        Post("/apps/{app}/releases/{release}/rollback", RollbackButton.Press);
        Post("/apps/{app}/rollback", RollbackButton.Press);
        Post("/apps/{app}/cancel", CancelButton.Press);
        Post("/apps/{app}/take-over", TakeOverButton.Press);
        Get("/apps/{app}/environment", EnvironmentPage.Show);
        Post("/apps/{app}/environment", EnvironmentPage.Change);
        Get("/apps/{app}/promotions", PromotionsPage.Show);
        Get("/apps/{app}/promotions/{promotion}", PromotionPage.Show);
        Get("/apps/{app}/processes", ProcessesPage.Show);
        Get("/apps/{app}/live", visit => site.Streams.Answer(visit, stopping));
        Get(Refusal.Path + "/{refusal}", Refusal.Show);
    }
}
