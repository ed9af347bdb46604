using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Releases.Tool;

/// <summary>What the addresses of the console lead to: pages are read with GET, buttons are pressed with POST.</summary>
internal static class Routes
{
    public static void Map(WebApplication server, ConsoleContext console, CancellationToken stopping)
    {
        void Get(string path, Func<PageRequest, Task<IResult>> page) => server.MapGet(path, Answer(page));
        void Post(string path, Func<PageRequest, Task<IResult>> button) => server.MapPost(path, http => console.ActiveRequests.Run(() => Answer(button)(http)));
        RequestDelegate Answer(Func<PageRequest, Task<IResult>> answer) => async http => await (await answer(new(http, console))).ExecuteAsync(http);

        Get("/", AppsPage.Show);
        Get("/apps/{app}", request => Task.FromResult<IResult>(new SeeOther($"/apps/{request.AppName}/releases")));
        Get("/apps/{app}/releases", ReleasesPage.Show);
        Get("/apps/{app}/releases/{release}", ReleasePage.Show);
        Post("/apps/{app}/releases/{release}/promote", Buttons.Promote);
        Post("/apps/{app}/releases/{release}/rollback", Buttons.RollBack);
        Post("/apps/{app}/rollback", Buttons.RollBack);
        Post("/apps/{app}/approve", Buttons.Approve);
        Post("/apps/{app}/cancel", Buttons.Cancel);
        Post("/apps/{app}/take-over", Buttons.TakeOver);
        Get("/apps/{app}/environment", EnvironmentPage.Show);
        Post("/apps/{app}/environment", EnvironmentPage.Change);
        Get("/apps/{app}/promotions", PromotionsPage.Show);
        Get("/apps/{app}/promotions/{promotion}", PromotionPage.Show);
        Get("/apps/{app}/processes", ProcessesPage.Show);
        Get("/apps/{app}/live", request => console.Streams.Answer(request, stopping));
        Get(ActionError.Path + "/{error}", ActionError.Show);
    }
}
